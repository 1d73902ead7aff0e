// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/param_field.h"

#include "ui/panels/number_box.h"
#include "ui/panels/paths_box.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QFontDatabase>
#include <QLineEdit>
#include <QPlainTextEdit>

namespace poolscope {

namespace {

class NumberField : public ParamField
{
public:
    NumberField(const ParamSpec& spec, QWidget* parent, const std::function<void()>& onEdited)
        : m_box(new NumberBox(spec, parent))
    {
        QObject::connect(m_box, &NumberBox::valueChanged, parent, onEdited);
    }
    [[nodiscard]] QWidget* widget() const override { return m_box; }
    [[nodiscard]] Result<ParamValue> value() const override { return m_box->parsed(); }
    void setValue(const ParamValue& value) override { m_box->setValue(value); }

private:
    NumberBox* m_box;
};

class TextField : public ParamField
{
public:
    TextField(const ParamSpec& spec, QWidget* parent, const std::function<void()>& onEdited)
        : m_edit(new QLineEdit(parent))
    {
        m_edit->setPlaceholderText(QString::fromStdString(spec.example));
        QObject::connect(m_edit, &QLineEdit::textChanged, parent, onEdited);
    }
    [[nodiscard]] QWidget* widget() const override { return m_edit; }
    [[nodiscard]] Result<ParamValue> value() const override
    {
        return ParamValue{m_edit->text().toStdString()};
    }
    void setValue(const ParamValue& value) override
    {
        if (const auto* text = std::get_if<std::string>(&value)) {
            m_edit->setText(QString::fromStdString(*text));
        }
    }
    [[nodiscard]] bool needsFullWidth() const override { return true; }

private:
    QLineEdit* m_edit;
};

class LinesField : public ParamField
{
public:
    LinesField(const ParamSpec& spec, QWidget* parent, const std::function<void()>& onEdited)
        : m_edit(new QPlainTextEdit(parent))
    {
        m_edit->setPlaceholderText(QString::fromStdString(spec.example));
        constexpr int kVisibleLines = 3;
        m_edit->setTabChangesFocus(true);
        m_edit->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
        m_edit->setFixedHeight(m_edit->fontMetrics().lineSpacing() * kVisibleLines + 14);
        QObject::connect(m_edit, &QPlainTextEdit::textChanged, parent, onEdited);
    }
    [[nodiscard]] QWidget* widget() const override { return m_edit; }
    [[nodiscard]] Result<ParamValue> value() const override
    {
        return ParamValue{m_edit->toPlainText().toStdString()};
    }
    void setValue(const ParamValue& value) override
    {
        if (const auto* text = std::get_if<std::string>(&value)) {
            m_edit->setPlainText(QString::fromStdString(*text));
        }
    }
    [[nodiscard]] bool needsFullWidth() const override { return true; }

private:
    QPlainTextEdit* m_edit;
};

class PathsField : public ParamField
{
public:
    PathsField(QWidget* parent, const std::function<void()>& onEdited)
        : m_box(new PathsBox(parent))
    {
        QObject::connect(m_box, &PathsBox::pathsChanged, parent, onEdited);
    }
    [[nodiscard]] QWidget* widget() const override { return m_box; }
    [[nodiscard]] Result<ParamValue> value() const override
    {
        return ParamValue{m_box->paths().join(u'\n').toStdString()};
    }
    void setValue(const ParamValue& value) override
    {
        if (const auto* lines = std::get_if<std::string>(&value)) {
            m_box->setPaths(QString::fromStdString(*lines).split(u'\n', Qt::SkipEmptyParts));
        }
    }
    [[nodiscard]] bool needsFullWidth() const override { return true; }
    void setTheme(const Theme& theme) override { m_box->setTheme(theme); }

private:
    PathsBox* m_box;
};

class ChoiceField : public ParamField
{
public:
    ChoiceField(const ParamSpec& spec, QWidget* parent, const std::function<void()>& onEdited)
        : m_combo(new QComboBox(parent))
    {
        for (const ParamChoice& choice : spec.choices) {
            m_combo->addItem(workloadText(choice.label), QString::fromStdString(choice.id));
        }
        QObject::connect(m_combo, &QComboBox::currentIndexChanged, parent, onEdited);
    }
    [[nodiscard]] QWidget* widget() const override { return m_combo; }
    [[nodiscard]] Result<ParamValue> value() const override
    {
        return ParamValue{m_combo->currentData().toString().toStdString()};
    }
    void setValue(const ParamValue& value) override
    {
        if (const auto* id = std::get_if<std::string>(&value)) {
            const int index = m_combo->findData(QString::fromStdString(*id));
            if (index >= 0) {
                m_combo->setCurrentIndex(index);
            }
        }
    }

private:
    QComboBox* m_combo;
};

} // namespace

std::unique_ptr<ParamField> makeParamField(const ParamSpec& spec, QWidget* parent,
                                           const std::function<void()>& onEdited)
{
    switch (spec.kind) {
    case ParamKind::Integer:
    case ParamKind::Real:
        return std::make_unique<NumberField>(spec, parent, onEdited);
    case ParamKind::Lines:
        return std::make_unique<LinesField>(spec, parent, onEdited);
    case ParamKind::Paths:
        return std::make_unique<PathsField>(parent, onEdited);
    case ParamKind::Choice:
        return std::make_unique<ChoiceField>(spec, parent, onEdited);
    case ParamKind::Text:
        break;
    }
    return std::make_unique<TextField>(spec, parent, onEdited);
}

QString workloadText(const std::string& text)
{
    return text.empty() ? QString() : QCoreApplication::translate("workload", text.c_str());
}

} // namespace poolscope
