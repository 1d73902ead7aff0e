// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/io/section_file.h"
#include "core/task/codec.h"

#include <cstdint>
#include <string>

namespace poolscope {

/// Reads \p count entries out of as many sections \p tag of \p file as they fill. \p decode takes the next one off a
/// ByteReader and says whether it is right; the first that is not, or bytes behind the last, let the file fail.
template <class Decode>
void readEntries(SectionReader& file, SectionTag tag, std::uint64_t count, const Decode& decode)
{
    std::uint64_t done = 0;
    while (done < count && !file.hasFailed()) {
        ByteReader block(file.read(tag));
        do {
            const bool isRight = decode(block);
            if (!isRight || block.hasFailed()) {
                file.fail("entry " + std::to_string(done) + " is wrong");
            }
            ++done;
        } while (done < count && !block.isAtEnd() && !file.hasFailed());
        if (!block.isAtEnd()) {
            file.fail("it holds more than it should");
        }
    }
}

} // namespace poolscope
