// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <string>

namespace poolscope {

/// Takes fields out of JSON objects. The first that is missing, of the wrong type or out of bounds is
/// kept as the failure, and every such field gives zero or nothing. One thread.
class JsonFields
{
public:
    using Json = nlohmann::json;

    [[nodiscard]] bool hasFailed() const { return !m_failure.empty(); }
    /// \return which field was wrong, for the message of an error; "" if none was.
    [[nodiscard]] const std::string& failure() const { return m_failure; }
    /// Says that a field is not as it must be, though it could be taken.
    void fail(const std::string& field);

    const Json& object(const Json& parent, const char* name);
    const Json& array(const Json& parent, const char* name);
    bool boolean(const Json& parent, const char* name);
    /// Texts as exactTextAsJson() makes them.
    std::string text(const Json& parent, const char* name);
    /// The field itself, an element of an array, which a failure calls \p name.
    std::string text(const Json& json, const std::string& name);
    /// Whole numbers from 0 to \p maximum.
    std::uint64_t count(const Json& parent, const char* name, std::uint64_t maximum);
    std::uint64_t count(const Json& json, const std::string& name, std::uint64_t maximum);
    std::int64_t integer(const Json& parent, const char* name, std::int64_t minimum,
                         std::int64_t maximum);
    /// \return nanoseconds, from 0 to kMaxTimeNs, with fractions.
    double duration(const Json& parent, const char* name);
    /// \return a number that fits an int on either side of zero.
    int number(const Json& parent, const char* name);
    /// \return nanoseconds within kMaxTimeNs on either side of zero.
    Nanos time(const Json& parent, const char* name);

private:
    using TypeTest = bool (Json::*)() const noexcept;

    const Json& child(const Json& parent, const char* name, TypeTest isRight);

    std::string m_failure;
};

} // namespace poolscope
