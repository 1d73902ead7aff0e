// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/task/param.h"

#include <QLineEdit>
#include <QObject>
#include <QString>
#include <QWidget>

#include <vector>

namespace poolscope {

/// \return a valid value that is not the default where there is another one.
inline ParamValue otherValue(const ParamSpec& spec)
{
    switch (spec.kind) {
    case ParamKind::Integer: {
        const auto standard = std::get<std::int64_t>(spec.defaultValue);
        const auto least = static_cast<std::int64_t>(spec.minimum);
        return ParamValue{standard > least ? standard - 1 : standard + 1};
    }
    case ParamKind::Real:
        return ParamValue{spec.minimum + (spec.maximum - spec.minimum) / 3};
    case ParamKind::Choice:
        return ParamValue{spec.choices.back().id};
    case ParamKind::Paths:
        return ParamValue{std::string("/some/where\n/else where/ü.txt")};
    case ParamKind::Lines:
        return ParamValue{std::string("sh -c 'a  b'\n\n\tlast line\n")};
    case ParamKind::Text:
        break;
    }
    return ParamValue{std::string("other text")};
}

inline ParamSet otherValues(const std::vector<ParamSpec>& specs)
{
    ParamSet params;
    for (const ParamSpec& spec : specs) {
        params.set(spec.id, otherValue(spec));
    }
    return params;
}

/// Types into the line edit of \p field.
inline void typeInto(QWidget* field, const QString& text)
{
    field->findChild<QLineEdit*>()->setText(text);
}

/// \return the widget below \p parent with that name, or nullptr.
template <class T>
T* child(const QObject& parent, const QString& accessibleName)
{
    for (T* candidate : parent.findChildren<T*>()) {
        if (candidate->accessibleName() == accessibleName) {
            return candidate;
        }
    }
    return nullptr;
}

} // namespace poolscope
