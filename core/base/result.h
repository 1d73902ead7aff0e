// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cassert>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace poolscope {

/// Why something that can be expected to fail did fail. The message says what was tried, on what,
/// and what to do about it; it is shown to people as it stands.
struct Error
{
    std::string message;
    bool isTimeout = false; ///< it took longer than it was allowed to

    friend bool operator==(const Error&, const Error&) = default;
};

/// A value or the error that kept it from existing. For expected failures (bad file, bad
/// parameter, no process to be had); broken preconditions assert instead.
template <class T>
class [[nodiscard]] Result
{
public:
    Result(T value)
        : m_state(std::in_place_index<0>, std::move(value))
    {}
    Result(Error error)
        : m_state(std::in_place_index<1>, std::move(error))
    {}

    [[nodiscard]] bool isOk() const noexcept { return m_state.index() == 0; }
    explicit operator bool() const noexcept { return isOk(); }

    /// Precondition of the value accessors: isOk().
    [[nodiscard]] const T& value() const&
    {
        assert(isOk());
        return std::get<0>(m_state);
    }
    [[nodiscard]] T& value() &
    {
        assert(isOk());
        return std::get<0>(m_state);
    }
    [[nodiscard]] T&& value() &&
    {
        assert(isOk());
        return std::get<0>(std::move(m_state));
    }
    /// Precondition: !isOk().
    [[nodiscard]] const Error& error() const
    {
        assert(!isOk());
        return std::get<1>(m_state);
    }

private:
    std::variant<T, Error> m_state;
};

/// Success, or the error.
template <>
class [[nodiscard]] Result<void>
{
public:
    Result() = default;
    Result(Error error)
        : m_error(std::move(error))
    {}

    [[nodiscard]] bool isOk() const noexcept { return !m_error.has_value(); }
    explicit operator bool() const noexcept { return isOk(); }
    /// Precondition: !isOk().
    [[nodiscard]] const Error& error() const
    {
        assert(!isOk());
        return *m_error;
    }

private:
    std::optional<Error> m_error;
};

} // namespace poolscope
