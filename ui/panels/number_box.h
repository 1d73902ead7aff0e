// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/task/param.h"

#include <QAbstractSpinBox>

namespace poolscope {

/// A spin box for an Integer (the full 64 bits) or Real parameter. It lets people type what they
/// like and does not push it into the bounds behind their back: parsed() says what is wrong.
/// GUI thread.
class NumberBox : public QAbstractSpinBox
{
    Q_OBJECT

public:
    /// \p spec is of kind Integer or Real.
    explicit NumberBox(ParamSpec spec, QWidget* parent = nullptr);

    /// \return the value, or what is wrong with the text (in the words of parseParam()).
    [[nodiscard]] Result<ParamValue> parsed() const;
    void setValue(const ParamValue& value);

    void stepBy(int steps) override;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

signals:
    void valueChanged();

protected:
    StepEnabled stepEnabled() const override;

private:
    [[nodiscard]] QString textOf(const ParamValue& value) const;
    [[nodiscard]] double current() const;

    ParamSpec m_spec;
};

} // namespace poolscope
