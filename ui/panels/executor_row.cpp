// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/executor_row.h"

#include <QCheckBox>
#include <QGridLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSlider>
#include <QSpinBox>

#include <algorithm>

namespace poolscope {

namespace {

constexpr int kShortestSlider = 16;

/// Far enough to see that more workers than processors do not help, near enough to aim well.
int sliderEnd()
{
    return std::min(std::max(kShortestSlider, 4 * usableCpuCount()), maxWorkers());
}

} // namespace

ExecutorRow::ExecutorRow(const ExecutorChoice& choice, QWidget* parent)
    : QWidget(parent)
    , m_kind(choice.id)
    , m_survivesCrashes(choice.survivesCrashes)
    , m_hasWorkers(choice.hasWorkers)
    , m_check(new QCheckBox(choice.title, this))
    , m_label(new QLabel(tr("Workers"), this))
    , m_slider(new QSlider(Qt::Horizontal, this))
    , m_spin(new QSpinBox(this))
    , m_note(new QLabel(this))
{
    m_check->setToolTip(choice.summary);
    m_check->setAccessibleName(choice.title);
    m_check->setAccessibleDescription(choice.summary);
    m_slider->setRange(1, sliderEnd());
    m_slider->setPageStep(2);
    m_spin->setRange(1, choice.hasWorkers ? maxWorkers() : 1);
    m_spin->setAccelerated(true);
    m_spin->setKeyboardTracking(false); // or typing 12 would first make 1 worker
    const QString name = tr("Workers of %1").arg(choice.title);
    const QString help =
        tr("How many workers %1 has. It can be changed while the run goes on.").arg(choice.title);
    for (QWidget* editor : {static_cast<QWidget*>(m_slider), static_cast<QWidget*>(m_spin)}) {
        editor->setAccessibleName(name);
        editor->setToolTip(help);
    }
    m_label->setToolTip(help);
    m_label->setObjectName(QStringLiteral("dimLabel"));

    m_note->setObjectName(QStringLiteral("dimLabel"));
    m_note->setWordWrap(true);
    m_note->hide();

    auto* layout = new QGridLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setHorizontalSpacing(12);
    layout->setVerticalSpacing(4);
    layout->addWidget(m_check, 0, 0, 1, 3);
    layout->addWidget(m_label, 1, 0);
    layout->addWidget(m_slider, 1, 1);
    layout->addWidget(m_spin, 1, 2);
    layout->addWidget(m_note, 2, 0, 1, 3);
    layout->setColumnStretch(1, 1);
    connect(m_check, &QCheckBox::toggled, this, &ExecutorRow::updateEnabled);
    connect(m_check, &QCheckBox::toggled, this, &ExecutorRow::chosenChanged);
    connect(m_slider, &QSlider::valueChanged, this, &ExecutorRow::onSliderMoved);
    connect(m_spin, &QSpinBox::valueChanged, this, &ExecutorRow::onSpinChanged);
    updateEnabled();
}

bool ExecutorRow::isChosen() const
{
    return m_check->isChecked();
}

void ExecutorRow::setChosen(bool isChosen)
{
    m_check->setChecked(isChosen);
}

int ExecutorRow::workers() const
{
    return m_spin->value();
}

void ExecutorRow::setWorkers(int workers)
{
    m_spin->setValue(workers);
}

void ExecutorRow::setLocked(bool isLocked)
{
    m_isLocked = isLocked;
    updateEnabled();
}

void ExecutorRow::setNote(const QString& text)
{
    m_note->setText(text);
    m_note->setVisible(!text.isEmpty());
}

void ExecutorRow::onSliderMoved(int workers)
{
    m_spin->setValue(workers);
}

void ExecutorRow::onSpinChanged(int workers)
{
    {
        // The slider may end before the number does, and must not push it back.
        const QSignalBlocker blocker(m_slider);
        m_slider->setValue(workers);
    }
    emit workersChanged(workers);
}

void ExecutorRow::updateEnabled()
{
    m_check->setEnabled(!m_isLocked);
    for (QWidget* part : {static_cast<QWidget*>(m_label), static_cast<QWidget*>(m_slider),
                          static_cast<QWidget*>(m_spin)}) {
        part->setEnabled(m_check->isChecked());
        part->setVisible(m_hasWorkers && m_check->isChecked());
    }
}

} // namespace poolscope
