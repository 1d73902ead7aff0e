// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/task/param.h"

#include <QWidget>

#include <functional>
#include <memory>

namespace poolscope {

struct Theme;

/// The editor of one parameter behind one interface, whatever its kind. The widget belongs to its
/// parent widget, which must outlive the field. GUI thread.
class ParamField
{
public:
    virtual ~ParamField() = default;

    [[nodiscard]] virtual QWidget* widget() const = 0;
    /// \return the value, or what is wrong with it.
    [[nodiscard]] virtual Result<ParamValue> value() const = 0;
    /// A value of another type than the parameter's is left out.
    virtual void setValue(const ParamValue& value) = 0;
    /// Long editors stand below their label instead of beside it.
    [[nodiscard]] virtual bool needsFullWidth() const { return false; }
    virtual void setTheme(const Theme&) {}
};

/// \return the editor for \p spec; \p onEdited is called after each change.
[[nodiscard]] std::unique_ptr<ParamField> makeParamField(const ParamSpec& spec, QWidget* parent,
                                                         const std::function<void()>& onEdited);

/// \return \p text of a workload, a parameter or a choice in the window's language.
[[nodiscard]] QString workloadText(const std::string& text);

} // namespace poolscope
