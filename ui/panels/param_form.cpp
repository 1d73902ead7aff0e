// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/param_form.h"

#include "ui/panels/param_field.h"
#include "ui/panels/paths_box.h"

#include <QGridLayout>
#include <QLabel>

#include <algorithm>

namespace poolscope {

struct ParamForm::Row
{
    ParamSpec spec;
    std::unique_ptr<ParamField> field;
    QLabel* label = nullptr;
    QLabel* error = nullptr; ///< below the field, hidden while all is well
};

ParamForm::ParamForm(QWidget* parent)
    : QWidget(parent)
    , m_grid(new QGridLayout(this))
    , m_theme(Theme::light())
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(12);
    m_grid->setVerticalSpacing(6);
    m_grid->setColumnStretch(0, 1);
}

ParamForm::~ParamForm() = default;

void ParamForm::setSpecs(const std::vector<ParamSpec>& specs)
{
    for (const auto& row : m_rows) {
        delete row->label;
        delete row->error;
        delete row->field->widget();
    }
    m_rows.clear();
    m_specs = specs;
    for (const ParamSpec& spec : m_specs) {
        addRow(spec);
    }
    setTheme(m_theme);
    emit changed();
}

void ParamForm::addRow(const ParamSpec& spec)
{
    auto row = std::make_unique<Row>();
    row->spec = spec;
    row->field = makeParamField(spec, this, [this] { onEdited(); });
    QWidget* editor = row->field->widget();
    const QString name = workloadText(spec.label);
    const QString help = workloadText(spec.help);

    row->label = new QLabel(name, this);
    if (!spec.unit.empty()) {
        row->label->setText(tr("%1 (%2)").arg(name, workloadText(spec.unit)));
    }
    row->label->setBuddy(editor);
    row->label->setToolTip(help);
    editor->setToolTip(help);
    editor->setAccessibleName(row->label->text());
    editor->setAccessibleDescription(help);
    if (auto* paths = qobject_cast<PathsBox*>(editor)) {
        paths->setListName(row->label->text());
    }
    row->error = new QLabel(this);
    row->error->setObjectName(QStringLiteral("fieldError"));
    row->error->setWordWrap(true);
    row->error->hide();

    int line = m_grid->rowCount();
    if (row->field->needsFullWidth()) {
        m_grid->addWidget(row->label, line++, 0, 1, 2);
        m_grid->addWidget(editor, line++, 0, 1, 2);
    } else {
        m_grid->addWidget(row->label, line, 0);
        m_grid->addWidget(editor, line++, 1);
    }
    m_grid->addWidget(row->error, line, 0, 1, 2);
    row->field->setValue(spec.defaultValue);
    m_rows.push_back(std::move(row));
}

void ParamForm::setParams(const ParamSet& params)
{
    for (const auto& row : m_rows) {
        const ParamValue* value = params.find(row->spec.id);
        const bool fits = value != nullptr && value->index() == row->spec.defaultValue.index();
        row->field->setValue(fits ? *value : row->spec.defaultValue);
    }
}

ParamSet ParamForm::params() const
{
    ParamSet params;
    for (const auto& row : m_rows) {
        if (auto value = row->field->value()) {
            params.set(row->spec.id, std::move(value).value());
        }
    }
    return params;
}

void ParamForm::onEdited()
{
    for (const auto& row : m_rows) {
        checkRow(*row);
    }
    emit changed();
}

void ParamForm::checkRow(Row& row) const
{
    QString error;
    if (const auto value = row.field->value(); !value) {
        error = QString::fromStdString(value.error().message);
    } else {
        ParamSet given;
        given.set(row.spec.id, value.value());
        if (const auto checked = checkParams({row.spec}, given); !checked) {
            error = QString::fromStdString(checked.error().message);
        }
    }
    if (!error.isEmpty()) {
        error[0] = error[0].toUpper(); // the message may also stand inside a sentence
    }
    if (row.error->text() != error) {
        row.error->setText(error);
        row.error->setVisible(!error.isEmpty());
        row.field->widget()->setProperty("hasError", !error.isEmpty());
    }
}

QString ParamForm::firstError() const
{
    for (const auto& row : m_rows) {
        if (!row->error->text().isEmpty()) {
            return tr("“%1” needs another value.").arg(workloadText(row->spec.label));
        }
    }
    return {};
}

const ParamForm::Row* ParamForm::rowOf(const std::string& id) const
{
    const auto row =
        std::find_if(m_rows.begin(), m_rows.end(), [&id](const std::unique_ptr<Row>& candidate) {
            return candidate->spec.id == id;
        });
    return row == m_rows.end() ? nullptr : row->get();
}

QWidget* ParamForm::field(const std::string& id) const
{
    const Row* row = rowOf(id);
    return row == nullptr ? nullptr : row->field->widget();
}

QString ParamForm::errorText(const std::string& id) const
{
    const Row* row = rowOf(id);
    return row == nullptr ? QString() : row->error->text();
}

void ParamForm::setTheme(const Theme& theme)
{
    m_theme = theme;
    for (const auto& row : m_rows) {
        row->field->setTheme(theme);
        QPalette palette = row->error->palette();
        palette.setColor(QPalette::WindowText, theme.failure);
        row->error->setPalette(palette);
    }
}

} // namespace poolscope
