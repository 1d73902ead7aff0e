// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/task/param.h"
#include "ui/common/theme.h"

#include <QString>
#include <QWidget>

#include <memory>
#include <vector>

QT_FORWARD_DECLARE_CLASS(QGridLayout)
QT_FORWARD_DECLARE_CLASS(QLabel)

namespace poolscope {

/// The form for a workload's parameters, built from their specification: label and field on one line,
/// what is wrong with the field below it. GUI thread.
class ParamForm : public QWidget
{
    Q_OBJECT

public:
    explicit ParamForm(QWidget* parent = nullptr);
    ~ParamForm() override;

    /// Builds the fields anew, with the defaults in them.
    void setSpecs(const std::vector<ParamSpec>& specs);
    [[nodiscard]] const std::vector<ParamSpec>& specs() const { return m_specs; }
    /// What \p params lacks, or has with a wrong type, gets its default.
    void setParams(const ParamSet& params);
    /// \return every field that holds a valid value.
    [[nodiscard]] ParamSet params() const;
    /// \return which field is wrong (the first such one), empty when all are right.
    [[nodiscard]] QString firstError() const;
    /// \return the editor of the parameter, or nullptr. For tests and focus.
    [[nodiscard]] QWidget* field(const std::string& id) const;
    /// \return what is shown below the field, empty when it is right.
    [[nodiscard]] QString errorText(const std::string& id) const;
    void setTheme(const Theme& theme);

signals:
    /// A value changed, valid or not.
    void changed();

private:
    struct Row;

    void addRow(const ParamSpec& spec);
    void onEdited();
    void checkRow(Row& row) const;
    [[nodiscard]] const Row* rowOf(const std::string& id) const;

    std::vector<ParamSpec> m_specs;
    std::vector<std::unique_ptr<Row>> m_rows;
    QGridLayout* m_grid;
    Theme m_theme;
};

} // namespace poolscope
