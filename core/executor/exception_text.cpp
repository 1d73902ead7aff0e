// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/executor/exception_text.h"

#include <cxxabi.h>

#include <cstdlib>
#include <exception>
#include <memory>
#include <string_view>
#include <typeinfo>
#include <utility>

namespace poolscope {

namespace {

std::string currentTypeName()
{
    const std::type_info* type = abi::__cxa_current_exception_type();
    if (type == nullptr) {
        return "an unknown type";
    }
    int status = 0;
    const std::unique_ptr<char, void (*)(void*)> name(
        abi::__cxa_demangle(type->name(), nullptr, nullptr, &status), &std::free);
    std::string text = status == 0 ? name.get() : type->name();
    // std::throw_with_nested() throws a type of its own around the one that was meant.
    constexpr std::string_view kWrapper = "std::_Nested_exception<";
    if (text.starts_with(kWrapper) && text.ends_with('>')) {
        text = text.substr(kWrapper.size(), text.size() - kWrapper.size() - 1);
    }
    return text;
}

} // namespace

std::string currentExceptionText()
{
    std::string text;
    std::exception_ptr exception = std::current_exception();
    while (exception) {
        if (!text.empty()) {
            text += "; caused by ";
        }
        try {
            std::rethrow_exception(std::exchange(exception, nullptr));
        } catch (const std::exception& caught) {
            text += currentTypeName() + ": " + caught.what();
            if (const auto* outer = dynamic_cast<const std::nested_exception*>(&caught)) {
                exception = outer->nested_ptr();
            }
        } catch (...) {
            text += "an exception of type " + currentTypeName();
        }
    }
    return text;
}

} // namespace poolscope
