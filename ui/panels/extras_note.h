// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/run_settings.h"

#include <QWidget>

QT_FORWARD_DECLARE_CLASS(QLabel)
QT_FORWARD_DECLARE_CLASS(QPushButton)

namespace poolscope {

/// \return in words what \p settings ask for that the setup panel has no field for; empty: nothing.
[[nodiscard]] QString extrasText(const RunSettings& settings);
/// \return \p settings without those.
[[nodiscard]] RunSettings withoutExtras(RunSettings settings);

/// Says what else will be done in the next run, and offers to leave it. Hidden when there is nothing.
/// GUI thread.
class ExtrasNote : public QWidget
{
    Q_OBJECT

public:
    explicit ExtrasNote(QWidget* parent = nullptr);

    void showSettings(const RunSettings& settings);

signals:
    void clearRequested();

private:
    QLabel* m_text;
};

} // namespace poolscope
