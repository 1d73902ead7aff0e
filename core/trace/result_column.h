// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/task/value.h"
#include "core/trace/stable_vector.h"

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace poolscope {

/// What came out of one attempt: a value, or the text of the error.
struct TaskResult
{
    Value value;
    std::string error;
};

/// The results beside a lane's records, one 4-byte cell each from the first on that has one: whole
/// numbers of 29 bits lie in the cell, everything else in a byte arena (other numbers take 8 bytes
/// there). Same threading as StableVector: one writer; readers only below the count that the lane
/// published.
class ResultColumn
{
public:
    /// Writer only: stores the result of record \p index (the next one): the error's text when there is
    /// one, else the value. Throws as StableVector::slot(); the index is then still the next one.
    void append(std::size_t index, const Value& value, std::string_view error)
    {
        const bool isNothing = error.empty() && std::holds_alternative<std::monostate>(value);
        if (!isNothing || m_first.load(std::memory_order_relaxed) != kNone) {
            store(index, value, error);
        }
    }
    /// \return the result of record \p index. Any thread, \p index below the published count.
    [[nodiscard]] TaskResult read(std::size_t index) const;
    /// See StableVector::takeFrom().
    void takeFrom(SlabStore& store)
    {
        m_cells.takeFrom(store);
        m_arena.takeFrom(store);
    }
    /// Lets the results of the records before \p index go, which is published: see StableVector::letGoBefore().
    void letGoBefore(std::size_t index, std::vector<MemoryPiece>& pieces);
    /// Only while nobody writes or lets go.
    [[nodiscard]] std::size_t allocatedBytes() const;

private:
    void store(std::size_t index, const Value& value, std::string_view error);
    std::uint32_t storeValue(const Value& value);
    std::uint64_t storeNumber(std::uint64_t bits);
    std::uint64_t storeText(std::string_view text);
    [[nodiscard]] std::uint64_t readNumber(std::uint64_t offset) const;
    [[nodiscard]] std::string readText(std::uint64_t offset) const;
    std::uint64_t writePieces(std::uint64_t offset, std::string_view bytes);
    void readPieces(std::uint64_t offset, char* target, std::size_t size) const;

    static constexpr std::size_t kNone = ~std::size_t{0};

    std::atomic<std::size_t> m_first{
        kNone}; ///< the record of the first cell; before it none has a result
    StableVector<std::uint32_t, 12> m_cells;
    StableVector<char, 16> m_arena;
    std::uint64_t m_arenaSize = 0;
    std::size_t m_letGoCells = 0; ///< of who lets go
    std::uint64_t m_letGoArena =
        0; ///< likewise: begin of the last result in the arena that was let go
};

} // namespace poolscope
