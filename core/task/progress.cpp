// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/task/progress.h"

#include "core/base/declared_wait.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace poolscope {

namespace {

thread_local ProgressNote* note = nullptr;

/// \return as much of \p text as fits, without half a character of UTF-8 at its end.
std::string_view cut(std::string_view text, std::size_t bytes) noexcept
{
    if (text.size() <= bytes) {
        return text;
    }
    while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xc0U) == 0x80U) {
        --bytes;
    }
    return text.substr(0, bytes);
}

} // namespace

void ProgressNote::set(double share, std::string_view text) noexcept
{
    if (std::isnan(share)) {
        return;
    }
    std::array<std::uint64_t, kTextBytes / 8> words{};
    const std::string_view fitting = cut(text, kTextBytes);
    if (!fitting.empty()) {
        std::memcpy(words.data(), fitting.data(), fitting.size());
    }
    // Each store releases the odd count to whoever sees the new value; pairs with read().
    m_writes.fetch_add(1, std::memory_order_acq_rel);
    m_share.store(std::bit_cast<std::uint32_t>(static_cast<float>(std::clamp(share, 0.0, 1.0))),
                  std::memory_order_release);
    for (std::size_t i = 0; i < words.size(); ++i) {
        m_text[i].store(words[i], std::memory_order_release);
    }
    m_writes.fetch_add(1, std::memory_order_release);
}

void ProgressNote::clear() noexcept
{
    if (m_share.load(std::memory_order_relaxed) != kNothing) {
        m_share.store(kNothing, std::memory_order_release);
    }
}

std::optional<Progress> ProgressNote::read() const
{
    constexpr int kTries = 8; // a writer that died in between has left an odd count for ever
    for (int i = 0; i < kTries; ++i) {
        const std::uint32_t writes = m_writes.load(std::memory_order_acquire);
        const std::uint32_t bits = m_share.load(std::memory_order_acquire);
        std::array<std::uint64_t, kTextBytes / 8> words{};
        for (std::size_t word = 0; word < words.size(); ++word) {
            words[word] = m_text[word].load(std::memory_order_acquire);
        }
        if ((writes & 1U) != 0 || m_writes.load(std::memory_order_relaxed) != writes) {
            continue;
        }
        const float share = std::bit_cast<float>(bits);
        if (!(share >= 0 && share <= 1)) {
            return std::nullopt; // nothing, or what no task has written
        }
        std::array<char, kTextBytes> text{};
        std::memcpy(text.data(), words.data(), text.size());
        return Progress{static_cast<double>(share),
                        std::string(text.begin(), std::find(text.begin(), text.end(), '\0'))};
    }
    return std::nullopt;
}

void ProgressNote::copyFrom(const ProgressNote& other)
{
    if (other.m_share.load(std::memory_order_relaxed) == kNothing) {
        clear();
    } else if (const std::optional<Progress> progress = other.read()) {
        set(progress->share, progress->text);
    } else {
        clear();
    }
}

ProgressScope::ProgressScope(ProgressNote* target) noexcept
    : m_outer(note)
{
    note = target;
}

ProgressScope::~ProgressScope()
{
    note = m_outer;
}

void sayProgress(double share, std::string_view text) noexcept
{
    if (note != nullptr) {
        note->set(share, text);
    }
    if (WaitHooks* hooks = waitHooks()) {
        hooks->offerSwitch();
    }
}

} // namespace poolscope
