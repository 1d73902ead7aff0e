// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/legend_bar.h"

#include "ui/common/format.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QTimer>

#include <cmath>

namespace poolscope {

namespace {

constexpr int kRefreshMs = 150; // shares need not follow every frame

} // namespace

LegendBar::LegendBar(ViewState& state, QWidget* parent)
    : QWidget(parent)
    , m_state(state)
    , m_style(Theme::light(), font())
    , m_mode(new QComboBox(this))
    , m_layout(new QHBoxLayout(this))
    , m_note(new QLabel(this))
{
    auto* title = new QLabel(tr("&Colour:"), this);
    title->setObjectName(QStringLiteral("dimLabel"));
    title->setBuddy(m_mode);
    m_mode->setAccessibleName(tr("What colours say"));
    m_mode->setToolTip(tr("What the colours of tasks say"));
    for (int i = 0; i < kColorModeCount; ++i) {
        m_mode->addItem(colorModeTitle(static_cast<ColorMode>(i)));
    }
    m_note->setObjectName(QStringLiteral("dimLabel"));
    m_layout->setContentsMargins(10, 3, 8, 3);
    m_layout->setSpacing(2);
    m_layout->addWidget(title);
    m_layout->addSpacing(4);
    m_layout->addWidget(m_mode);
    m_layout->addSpacing(8);
    m_layout->addWidget(m_note);
    m_layout->addStretch(1);
    setFixedHeight(sizeHint().height());

    connect(m_mode, &QComboBox::activated, this, &LegendBar::onModeChosen);
    connect(&state, &ViewState::coloringChanged, this, &LegendBar::refresh);
    connect(&state, &ViewState::snapshotChanged, this, &LegendBar::refreshSoon);
    connect(&state, &ViewState::visibleChanged, this, &LegendBar::refreshSoon);
    refresh();
}

void LegendBar::setTheme(const Theme& theme)
{
    m_style = TimelineStyle(theme, font());
    refresh();
    setFixedHeight(m_layout->sizeHint().height());
}

void LegendBar::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.fillRect(QRect(0, 0, width(), 1), m_style.theme.grid);
}

void LegendBar::onModeChosen(int index)
{
    m_state.setColoring({static_cast<ColorMode>(index), 0});
}

void LegendBar::onChipClicked(int place)
{
    std::uint8_t all = 0;
    for (const ColorEntry& entry : m_entries) {
        all = static_cast<std::uint8_t>(all | (1U << static_cast<unsigned>(entry.colorClass)));
    }
    TaskColoring coloring = m_state.coloring();
    const auto bit = static_cast<std::uint8_t>(
        1U << static_cast<unsigned>(m_entries[static_cast<std::size_t>(place)].colorClass));
    if (coloring.hidden == 0) {
        coloring.hidden = static_cast<std::uint8_t>(all & ~bit);
    } else {
        coloring.hidden = static_cast<std::uint8_t>(coloring.hidden ^ bit);
    }
    if ((coloring.hidden & all) == all) {
        coloring.hidden = 0;
    }
    m_state.setColoring(coloring);
    refresh(); // also when nothing changed: the chip has checked itself
}

void LegendBar::refreshSoon()
{
    if (m_isPending) {
        return;
    }
    const qint64 passed = m_sinceRefresh.isValid() ? m_sinceRefresh.elapsed() : kRefreshMs;
    if (passed >= kRefreshMs) {
        refresh();
        return;
    }
    m_isPending = true;
    QTimer::singleShot(static_cast<int>(kRefreshMs - passed), this, &LegendBar::refresh);
}

void LegendBar::refresh()
{
    m_isPending = false;
    m_sinceRefresh.start();
    const ColorMode mode = m_state.coloring().mode;
    m_mode->setCurrentIndex(static_cast<int>(mode));
    const SnapshotPtr& snapshot = m_state.snapshot();
    m_mode->setEnabled(snapshot != nullptr);
    showEntries(snapshot ? colorEntries(mode, *snapshot, m_state.visible())
                         : std::vector<ColorEntry>());
    const bool repeats = snapshot && m_entries.empty();
    m_note->setVisible(repeats);
    m_note->setText(repeats ? tr("Colours repeat; the card at a task says which it is.")
                            : QString());
}

void LegendBar::showEntries(const std::vector<ColorEntry>& entries)
{
    m_entries = entries;
    while (m_chips.size() < entries.size()) {
        auto* chip = new LegendChip(this);
        const int place = static_cast<int>(m_chips.size());
        connect(chip, &QAbstractButton::clicked, this, [this, place] { onChipClicked(place); });
        m_layout->insertWidget(m_layout->count() - 1, chip);
        m_chips.push_back(chip);
    }
    const TaskColoring& coloring = m_state.coloring();
    for (std::size_t i = 0; i < m_chips.size(); ++i) {
        LegendChip* chip = m_chips[i];
        chip->setVisible(i < entries.size());
        if (i >= entries.size()) {
            continue;
        }
        const ColorEntry& entry = entries[i];
        const ColorMode mode = effectiveMode(coloring.mode, *m_state.snapshot());
        chip->setColors(m_style.fullColors(mode, entry.colorClass), m_style.theme);
        chip->setEntry(entry.name, entry.share >= 0
                                       ? formatShare(std::round(entry.share * 100) / 100)
                                       : QString());
        chip->setChecked(!coloring.isHidden(entry.colorClass));
    }
}

} // namespace poolscope
