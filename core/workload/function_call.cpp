// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workload/function_call.h"

#include "core/workload/common.h"

#include <exception>
#include <optional>
#include <string>
#include <utility>

namespace poolscope {

namespace {

/// This side of a call: what the function's questions are answered from, and what it gave.
/// The members that C calls let no exception out, since C could not pass it on.
class FunctionCall
{
public:
    FunctionCall(const ParamSet& params, std::uint64_t index, std::uint64_t seed,
                 const StopFlag* stop)
        : m_face{{index, seed, integerOf, realOf, textOf, shouldStop, giveInteger, giveReal,
                  giveText, failWith, progressOf},
                 this}
        , m_params(params)
        , m_stop(stop)
    {}
    FunctionCall(const FunctionCall&) = delete;
    FunctionCall& operator=(const FunctionCall&) = delete;
    ~FunctionCall() = default;

    /// \return what the function gets.
    [[nodiscard]] poolscope_call* face() { return &m_face; }
    [[nodiscard]] const std::optional<Error>& error() const { return m_error; }
    /// \return what the task ends with.
    Result<Value> takeOutcome();

private:
    /// What the function hands back to the members below.
    struct Face : poolscope_call
    {
        FunctionCall* owner;
    };

    static FunctionCall& of(poolscope_call* call) { return *static_cast<Face*>(call)->owner; }
    static std::int64_t integerOf(poolscope_call* call, const char* id) noexcept;
    static double realOf(poolscope_call* call, const char* id) noexcept;
    static const char* textOf(poolscope_call* call, const char* id) noexcept;
    static int shouldStop(poolscope_call* call) noexcept;
    static void giveInteger(poolscope_call* call, std::int64_t value) noexcept;
    static void giveReal(poolscope_call* call, double value) noexcept;
    static void giveText(poolscope_call* call, const char* text) noexcept;
    static void failWith(poolscope_call* call, const char* message) noexcept;
    static void progressOf(poolscope_call* call, double share, const char* text) noexcept;

    template <class T>
    const T* param(const char* id, const char* kind) noexcept;
    /// Keeps the first error.
    void setError(std::string_view text) noexcept;

    Face m_face;
    const ParamSet& m_params;
    const StopFlag* m_stop; ///< null while planning
    Value m_value;
    std::optional<Error> m_error;
    bool m_sawStop = false;
};

template <class T>
const T* FunctionCall::param(const char* id, const char* kind) noexcept
{
    const ParamValue* value = m_params.find(id != nullptr ? id : "");
    const T* typed = value != nullptr ? std::get_if<T>(value) : nullptr;
    if (typed == nullptr) {
        setError("the function asks for the " + std::string(kind) + " parameter \"" +
                 (id != nullptr ? id : "") + "\", which it does not describe as such");
    }
    return typed;
}

void FunctionCall::setError(std::string_view text) noexcept
{
    if (!m_error) {
        m_error = Error{std::string(text)};
    }
}

std::int64_t FunctionCall::integerOf(poolscope_call* call, const char* id) noexcept
{
    const auto* value = of(call).param<std::int64_t>(id, "integer");
    return value != nullptr ? *value : 0;
}

double FunctionCall::realOf(poolscope_call* call, const char* id) noexcept
{
    const auto* value = of(call).param<double>(id, "real");
    return value != nullptr ? *value : 0.0;
}

const char* FunctionCall::textOf(poolscope_call* call, const char* id) noexcept
{
    const auto* value = of(call).param<std::string>(id, "text");
    return value != nullptr ? value->c_str() : "";
}

int FunctionCall::shouldStop(poolscope_call* call) noexcept
{
    FunctionCall& self = of(call);
    self.m_sawStop = self.m_stop != nullptr && self.m_stop->isRequested();
    return self.m_sawStop ? 1 : 0;
}

void FunctionCall::giveInteger(poolscope_call* call, std::int64_t value) noexcept
{
    of(call).m_value = value;
}

void FunctionCall::giveReal(poolscope_call* call, double value) noexcept
{
    of(call).m_value = value;
}

void FunctionCall::giveText(poolscope_call* call, const char* text) noexcept
{
    try {
        of(call).m_value = std::string(text != nullptr ? text : "");
    } catch (const std::exception&) {
        of(call).setError("no memory for the text");
    }
}

void FunctionCall::failWith(poolscope_call* call, const char* message) noexcept
{
    of(call).setError(message != nullptr && *message != '\0' ? message : "failed without a reason");
}

void FunctionCall::progressOf(poolscope_call* /*call*/, double share, const char* text) noexcept
{
    sayProgress(share, text != nullptr ? text : "");
}

Result<Value> FunctionCall::takeOutcome()
{
    if (m_error) {
        return *std::move(m_error);
    }
    if (m_sawStop && std::holds_alternative<std::monostate>(m_value)) {
        return cancelledError();
    }
    return std::move(m_value);
}

Result<std::uint64_t> countTasks(const poolscope_function& function, const ParamSet& params,
                                 std::uint64_t seed)
{
    FunctionCall call(params, 0, seed, nullptr);
    std::uint64_t count = 0;
    try {
        count = function.plan(call.face());
    } catch (const std::exception& exception) {
        return Error{exception.what()};
    } catch (...) {
        return Error{"the function's planner threw an unknown exception"};
    }
    if (call.error()) {
        return *call.error();
    }
    return count;
}

} // namespace

Kernel functionKernel(const poolscope_function& function)
{
    return [&function](const TaskContext& context) {
        FunctionCall call(context.params, context.index, context.seed, &context.stop);
        function.run(call.face());
        return call.takeOutcome();
    };
}

Planner functionPlanner(const poolscope_function& function)
{
    return [&function](const ParamSet& params, std::uint64_t seed) -> Result<JobPlan> {
        if (function.plan == nullptr) {
            return planByCount(params, function.id);
        }
        const Result<std::uint64_t> count = countTasks(function, params, seed);
        if (!count) {
            return count.error();
        }
        JobPlan plan;
        plan.taskCount = count.value();
        plan.kinds = {function.id};
        return plan;
    };
}

} // namespace poolscope
