// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/run_settings.h"
#include "ui/common/theme.h"

#include <QWidget>

QT_FORWARD_DECLARE_CLASS(QComboBox)
QT_FORWARD_DECLARE_CLASS(QGridLayout)
QT_FORWARD_DECLARE_CLASS(QLabel)
QT_FORWARD_DECLARE_CLASS(QLineEdit)
QT_FORWARD_DECLARE_CLASS(QSpinBox)
QT_FORWARD_DECLARE_CLASS(QToolButton)

namespace poolscope {

class NumberBox;

/// How tasks reach the workers, and what is measured of them and kept: chunk size, seed, attempts, cost level and
/// the memory cap of the trace. GUI thread.
class HandOverForm : public QWidget
{
    Q_OBJECT

public:
    explicit HandOverForm(QWidget* parent = nullptr);

    /// Puts the fields' values into \p settings; a seed or a cap that is wrong is left out.
    void fill(RunSettings& settings) const;
    void showSettings(const RunSettings& settings);
    /// \return what is wrong, empty when nothing is.
    [[nodiscard]] QString problem() const;
    void setTheme(const Theme& theme);

signals:
    void changed();

private:
    void createFields();
    void addRow(QGridLayout& grid, const QString& text, QWidget* editor);
    void useNewSeed();
    void explainCosts();
    [[nodiscard]] CostLevel costLevel() const;

    QSpinBox* m_chunk;
    NumberBox* m_seed;
    QToolButton* m_newSeed;
    QSpinBox* m_attempts;
    QComboBox* m_costs;
    QLabel* m_costsText;
    QLineEdit* m_memoryCap;
};

} // namespace poolscope
