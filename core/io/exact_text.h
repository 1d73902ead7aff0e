// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace poolscope {

/// \return whether \p text is well-formed UTF-8 (no overlong forms, no surrogates).
[[nodiscard]] bool isUtf8(std::string_view text) noexcept;

/// \return \p text as a JSON string, or, when it is not UTF-8 (a file name may hold any bytes), as
/// {"hex": "…"}, so that nothing is lost.
[[nodiscard]] nlohmann::json exactTextAsJson(const std::string& text);
/// \return what exactTextAsJson() was given, or nothing when \p json is neither form.
[[nodiscard]] std::optional<std::string> exactTextOf(const nlohmann::json& json);

} // namespace poolscope
