// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/catalogue_view.h"

#include <QWidget>

QT_FORWARD_DECLARE_CLASS(QCheckBox)
QT_FORWARD_DECLARE_CLASS(QLabel)
QT_FORWARD_DECLARE_CLASS(QSlider)
QT_FORWARD_DECLARE_CLASS(QSpinBox)

namespace poolscope {

/// One executor in the setup panel: whether the job runs on it, and with how many workers (slider and
/// spin box, always alike). GUI thread.
class ExecutorRow : public QWidget
{
    Q_OBJECT

public:
    explicit ExecutorRow(const ExecutorChoice& choice, QWidget* parent = nullptr);

    [[nodiscard]] QString kind() const { return m_kind; }
    /// A task that crashes ends its worker, and nothing else.
    [[nodiscard]] bool survivesCrashes() const { return m_survivesCrashes; }
    [[nodiscard]] bool isChosen() const;
    void setChosen(bool isChosen);
    [[nodiscard]] int workers() const;
    /// Clamped to 1…maxWorkers(). Emits workersChanged() when that is another number.
    void setWorkers(int workers);
    /// Locked: it cannot be chosen or left out, but its workers can be set if it is chosen.
    void setLocked(bool isLocked);
    /// Shows a sentence below the rest; empty: none.
    void setNote(const QString& text);

signals:
    void chosenChanged(bool isChosen);
    void workersChanged(int workers);

private:
    void onSliderMoved(int workers);
    void onSpinChanged(int workers);
    void updateEnabled();

    QString m_kind;
    bool m_survivesCrashes;
    bool m_hasWorkers;
    QCheckBox* m_check;
    QLabel* m_label;
    QSlider* m_slider;
    QSpinBox* m_spin;
    QLabel* m_note;
    bool m_isLocked = false;
};

} // namespace poolscope
