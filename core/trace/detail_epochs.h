// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/recorder.h"

#include <memory>
#include <vector>

namespace poolscope {

/// Keeps memory that a trace has let go for as long as anybody holds a snapshot from before. Each snapshot holds the
/// epoch in which it was made; what is retired ends the epoch, and goes back to the recorder's store when no
/// snapshot of this epoch or an earlier one is left. Used by the collector; tokens may be dropped by any thread.
class DetailEpochs
{
public:
    explicit DetailEpochs(std::shared_ptr<Recorder> recorder);
    ~DetailEpochs();
    DetailEpochs(const DetailEpochs&) = delete;
    DetailEpochs& operator=(const DetailEpochs&) = delete;

    /// \return the recorder, which also holds what is there now.
    [[nodiscard]] std::shared_ptr<const Recorder> hold() const;
    /// Snapshots that are made from now on do not refer to \p pieces.
    void retire(std::vector<MemoryPiece> pieces);
    /// \return bytes that were retired and that old snapshots still hold.
    [[nodiscard]] std::size_t heldBytes() const;

private:
    class Book;
    struct Token;

    std::shared_ptr<Book> m_book; ///< lives as long as the last token
    std::shared_ptr<Token> m_current;
};

} // namespace poolscope
