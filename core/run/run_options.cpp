// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/run_options.h"

#include <concepts>
#include <cstdint>
#include <string>
#include <utility>

namespace poolscope {

namespace {

/// Calls \p visit with the name and the member of every option.
template <class Settings, class Visit>
void forEachOption(Settings& settings, const Visit& visit)
{
    visit("max_attempts", settings.maxAttempts);
    visit("retry_failed", settings.retryFailed);
    visit("interpreter_lock", settings.hasInterpreterLock);
    visit("lazy_start", settings.isLazy);
    visit("keep_alive_ns", settings.keepAliveNs);
    visit("initializer", settings.initializer);
    visit("timeout_ns", settings.taskTimeoutNs);
    visit("queue_limit", settings.queueLimit);
    visit("prefetch", settings.prefetch);
    visit("submit_gap_ns", settings.submitGapNs);
}

ParamValue valueOf(const std::string& text)
{
    return text;
}

template <std::integral Number>
ParamValue valueOf(Number number)
{
    return static_cast<std::int64_t>(number);
}

void take(std::string& member, const ParamValue& value)
{
    if (const auto* text = std::get_if<std::string>(&value)) {
        member = *text;
    }
}

template <std::integral Number>
void take(Number& member, const ParamValue& value)
{
    // None of the options can be below zero.
    const auto* number = std::get_if<std::int64_t>(&value);
    if (number != nullptr && *number >= 0 &&
        static_cast<std::int64_t>(static_cast<Number>(*number)) == *number) {
        member = static_cast<Number>(*number);
    }
}

} // namespace

ParamSet runOptionsOf(const RunSettings& settings)
{
    const RunSettings usual;
    ParamSet defaults;
    forEachOption(usual, [&defaults](const char* name, const auto& member) {
        defaults.set(name, valueOf(member));
    });
    ParamSet options;
    forEachOption(settings, [&defaults, &options](const char* name, const auto& member) {
        if (valueOf(member) != *defaults.find(name)) {
            options.set(name, valueOf(member));
        }
    });
    return options;
}

void setRunOptions(RunSettings& settings, const ParamSet& options)
{
    forEachOption(settings, [&options](const char* name, auto& member) {
        if (const ParamValue* value = options.find(name)) {
            take(member, *value);
        }
    });
}

} // namespace poolscope
