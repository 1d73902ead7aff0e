// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/detail_epochs.h"

#include <cstdint>
#include <deque>
#include <utility>

namespace poolscope {

/// The epochs that somebody holds and the ones after them. Any thread.
class DetailEpochs::Book
{
public:
    explicit Book(std::shared_ptr<SlabStore> store)
        : m_store(std::move(store))
    {}

    /// \return the number of a new epoch, the last one.
    std::uint64_t begin() PS_EXCLUDES(m_mutex)
    {
        MutexLock lock(m_mutex);
        m_epochs.emplace_back();
        return m_first + m_epochs.size() - 1;
    }

    /// \p pieces belong to the last epoch but one.
    void retire(std::vector<MemoryPiece> pieces) PS_EXCLUDES(m_mutex)
    {
        MutexLock lock(m_mutex);
        for (const MemoryPiece& piece : pieces) {
            m_heldBytes += piece.bytes;
        }
        std::prev(m_epochs.end(), 2)->retired = std::move(pieces);
    }

    /// Nobody holds epoch \p number any more.
    void end(std::uint64_t number) noexcept PS_EXCLUDES(m_mutex)
    {
        MutexLock lock(m_mutex);
        m_epochs[number - m_first].isOver = true;
        while (!m_epochs.empty() && m_epochs.front().isOver) {
            for (const MemoryPiece& piece : m_epochs.front().retired) {
                m_heldBytes -= piece.bytes;
            }
            m_store->giveBack(m_epochs.front().retired);
            m_epochs.pop_front();
            ++m_first;
        }
    }

    [[nodiscard]] std::size_t heldBytes() const PS_EXCLUDES(m_mutex)
    {
        MutexLock lock(m_mutex);
        return m_heldBytes;
    }

private:
    struct Epoch
    {
        bool isOver = false;
        std::vector<MemoryPiece> retired; ///< at its end
    };

    const std::shared_ptr<SlabStore> m_store;
    mutable Mutex m_mutex;
    std::deque<Epoch> m_epochs PS_GUARDED_BY(m_mutex);
    std::uint64_t m_first PS_GUARDED_BY(m_mutex) = 0; ///< number of the first of them
    std::size_t m_heldBytes PS_GUARDED_BY(m_mutex) = 0;
};

/// One epoch, held by the snapshots that were made in it.
struct DetailEpochs::Token
{
    Token(std::shared_ptr<Book> epochs, std::shared_ptr<Recorder> lanes)
        : book(std::move(epochs))
        , recorder(std::move(lanes))
        , number(book->begin())
    {}
    ~Token() { book->end(number); }
    Token(const Token&) = delete;
    Token& operator=(const Token&) = delete;

    const std::shared_ptr<Book> book;
    const std::shared_ptr<Recorder> recorder;
    const std::uint64_t number;
};

DetailEpochs::DetailEpochs(std::shared_ptr<Recorder> recorder)
    : m_book(std::make_shared<Book>(recorder->store()))
    , m_current(std::make_shared<Token>(m_book, std::move(recorder)))
{}

DetailEpochs::~DetailEpochs() = default;

std::shared_ptr<const Recorder> DetailEpochs::hold() const
{
    return {m_current, m_current->recorder.get()};
}

void DetailEpochs::retire(std::vector<MemoryPiece> pieces)
{
    auto next = std::make_shared<Token>(m_book, m_current->recorder);
    m_book->retire(std::move(pieces));
    m_current = std::move(next); // the epoch before may end here
}

std::size_t DetailEpochs::heldBytes() const
{
    return m_book->heldBytes();
}

} // namespace poolscope
