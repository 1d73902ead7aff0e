// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/bar_labels.h"

#include "ui/common/format.h"
#include "ui/timeline/lane_facts.h"

namespace poolscope {

namespace {

constexpr double kPadding = 8;
constexpr double kWidthStep = 6; // bars that grow keep their text for a while
constexpr qsizetype kMostTexts = 6000;

} // namespace

BarLabels::BarLabels(const QFont& font)
    : m_font(font)
    , m_metrics(font)
{}

void BarLabels::begin(const Snapshot& snapshot)
{
    if (m_meta != snapshot.meta) {
        m_meta = snapshot.meta;
        m_texts.clear();
    }
}

const QStaticText* BarLabels::label(std::uint64_t task, Nanos runNs, double width)
{
    if (width < kMinWidth || !m_meta) {
        return nullptr;
    }
    const auto bucket = static_cast<quint64>(qMin(width, 1000.0) / kWidthStep);
    const quint64 key = (task << 9U) | (runNs == kNoTime ? 1U << 8U : 0U) | bucket;
    auto found = m_texts.find(key);
    if (found == m_texts.end()) {
        if (m_texts.size() >= kMostTexts) {
            m_texts.clear();
        }
        QStaticText text(textFor(task, runNs, static_cast<double>(bucket) * kWidthStep - kPadding));
        text.setTextFormat(Qt::PlainText);
        text.setPerformanceHint(QStaticText::AggressiveCaching);
        text.prepare({}, m_font);
        found = m_texts.insert(key, text);
    }
    return found->text().isEmpty() ? nullptr : &*found;
}

QString BarLabels::textFor(std::uint64_t task, Nanos runNs, double width) const
{
    const QString name = shortTaskName(*m_meta, task);
    const QString withTime = name + QStringLiteral("  ") + formatDuration(runNs);
    if (runNs != kNoTime && m_metrics.horizontalAdvance(withTime) <= width) {
        return withTime;
    }
    if (m_metrics.horizontalAdvance(name) <= width) {
        return name;
    }
    if (!m_meta->plan->items.empty()) {
        return m_metrics.elidedText(name, Qt::ElideRight, width);
    }
    // Names that differ by number only: the number is what matters.
    const QString number = QString::number(task);
    return m_metrics.horizontalAdvance(number) <= width ? number : QString();
}

} // namespace poolscope
