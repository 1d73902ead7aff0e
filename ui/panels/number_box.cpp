// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/number_box.h"

#include <QFontMetrics>
#include <QLineEdit>
#include <QLocale>

#include <algorithm>
#include <cmath>
#include <utility>

namespace poolscope {

namespace {

/// \return the largest of 1, 2, 5, 10 … that is at most a twentieth of \p value: few presses lead far.
double stepFor(double value)
{
    const double part = std::abs(value) / 20;
    if (part <= 0) {
        return 0;
    }
    const double decade = std::pow(10.0, std::floor(std::log10(part)));
    for (const double factor : {5.0, 2.0}) {
        if (part >= factor * decade) {
            return factor * decade;
        }
    }
    return decade;
}

} // namespace

NumberBox::NumberBox(ParamSpec spec, QWidget* parent)
    : QAbstractSpinBox(parent)
    , m_spec(std::move(spec))
{
    setKeyboardTracking(true);
    setCorrectionMode(QAbstractSpinBox::CorrectToPreviousValue);
    lineEdit()->setText(textOf(m_spec.defaultValue));
    connect(lineEdit(), &QLineEdit::textChanged, this, &NumberBox::valueChanged);
}

Result<ParamValue> NumberBox::parsed() const
{
    const QString text = lineEdit()->text().trimmed();
    bool isNumber = false;
    if (m_spec.kind == ParamKind::Integer) {
        const qlonglong value = locale().toLongLong(text, &isNumber);
        if (isNumber) {
            return parseParam(m_spec, std::to_string(value));
        }
    } else {
        const double value = locale().toDouble(text, &isNumber);
        if (isNumber) {
            return parseParam(m_spec, poolscope::toText(ParamValue{value}));
        }
    }
    return parseParam(m_spec, text.toStdString());
}

QString NumberBox::textOf(const ParamValue& value) const
{
    if (const auto* integer = std::get_if<std::int64_t>(&value)) {
        return locale().toString(qlonglong{*integer});
    }
    if (const auto* real = std::get_if<double>(&value)) {
        return locale().toString(*real, 'g', QLocale::FloatingPointShortest);
    }
    return QString::fromStdString(std::get<std::string>(value));
}

void NumberBox::setValue(const ParamValue& value)
{
    lineEdit()->setText(textOf(value));
}

double NumberBox::current() const
{
    const auto result = parsed();
    if (!result) {
        bool isNumber = false;
        const double typed = locale().toDouble(lineEdit()->text(), &isNumber);
        return isNumber ? std::clamp(typed, m_spec.minimum, m_spec.maximum) : m_spec.minimum;
    }
    if (const auto* integer = std::get_if<std::int64_t>(&result.value())) {
        return static_cast<double>(*integer);
    }
    return std::get<double>(result.value());
}

void NumberBox::stepBy(int steps)
{
    const double before = current();
    double step = stepFor(before);
    if (m_spec.kind == ParamKind::Integer) {
        step = std::max(1.0, step);
    } else if (step == 0) {
        step = stepFor(m_spec.maximum - m_spec.minimum) / 10;
    }
    double after = before + step * steps;
    after = std::clamp(std::round(after / step) * step, m_spec.minimum, m_spec.maximum);
    if (m_spec.kind == ParamKind::Integer) {
        setValue(ParamValue{static_cast<std::int64_t>(std::llround(after))});
    } else {
        setValue(ParamValue{after});
    }
    selectAll();
}

QAbstractSpinBox::StepEnabled NumberBox::stepEnabled() const
{
    if (isReadOnly()) {
        return StepNone;
    }
    const double value = current();
    StepEnabled enabled = StepNone;
    enabled.setFlag(StepUpEnabled, value < m_spec.maximum);
    enabled.setFlag(StepDownEnabled, value > m_spec.minimum);
    return enabled;
}

QSize NumberBox::sizeHint() const
{
    const int digits = fontMetrics().horizontalAdvance(QStringLiteral("1,234,567"));
    return {digits + 40, QAbstractSpinBox::sizeHint().height()};
}

QSize NumberBox::minimumSizeHint() const
{
    return sizeHint();
}

} // namespace poolscope
