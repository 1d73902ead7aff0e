// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/crop_page.h"

#include "ui/common/format.h"
#include "ui/timeline/lane_facts.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QListWidget>

#include <algorithm>
#include <cmath>
#include <utility>

namespace poolscope {

namespace {

constexpr double kNsPerMs = static_cast<double>(kNanosPerMilli);

} // namespace

CropPage::CropPage(const FigureSource& source, QWidget* parent)
    : FigurePage(parent)
    , m_source(source)
    , m_range(new QComboBox(this))
    , m_from(new QDoubleSpinBox(this))
    , m_to(new QDoubleSpinBox(this))
    , m_lanes(new QComboBox(this))
    , m_laneList(new QListWidget(this))
    , m_order(new QComboBox(this))
{
    createRange();
    createLanes();
    createOrder();
    createCollapsed();
    createLayout();
    setOptions({});
    tickCollapsed(m_source.collapsed);
    showOrder(m_source.order);
    if (m_source.selection) {
        m_range->setCurrentIndex(m_range->findData(static_cast<int>(Range::Selection)));
        chooseRange();
    }
}

void CropPage::createRange()
{
    const auto add = [this](const QString& text, Range range) {
        m_range->addItem(text, static_cast<int>(range));
    };
    add(tr("Whole run, %1").arg(formatDuration(m_source.snapshot->nowNs)), Range::Whole);
    add(tr("What is seen, %1").arg(formatDuration(m_source.visible.duration())), Range::Visible);
    if (m_source.selection) {
        add(tr("Selection, %1").arg(formatDuration(m_source.selection->duration())),
            Range::Selection);
    }
    add(tr("From … to …"), Range::Typed);
    m_range->setAccessibleName(tr("Range"));
    for (QDoubleSpinBox* box : {m_from, m_to}) {
        box->setDecimals(3);
        box->setRange(0, 1e10);
        box->setSuffix(tr(" ms"));
        box->setGroupSeparatorShown(true);
        box->setKeyboardTracking(false);
        box->setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
        connect(box, &QDoubleSpinBox::valueChanged, this, &CropPage::onRangeTyped);
    }
    m_from->setAccessibleName(tr("From"));
    m_to->setAccessibleName(tr("To"));
    connect(m_range, &QComboBox::activated, this, &CropPage::chooseRange);
}

void CropPage::createLanes()
{
    m_lanes->addItem(tr("All"), static_cast<int>(Lanes::All));
    if (!m_source.visibleLanes.empty()) {
        m_lanes->addItem(tr("Those that are seen"), static_cast<int>(Lanes::Visible));
    }
    m_lanes->addItem(tr("Those ticked below"), static_cast<int>(Lanes::Chosen));
    m_lanes->setAccessibleName(tr("Lanes"));
    m_laneList->setAccessibleName(tr("Lanes to choose from"));
    m_laneList->setToolTip(tr("Space ticks a lane"));
    for (const LaneView& lane : m_source.snapshot->lanes) {
        auto* item = new QListWidgetItem(
            QStringLiteral("%1: %2").arg(groupTitle(*m_source.snapshot, lane.info().executor),
                                         workerText(lane, m_source.snapshot->nowNs)),
            m_laneList);
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
    }
    connect(m_lanes, &QComboBox::activated, this, &CropPage::chooseLanes);
    connect(m_laneList, &QListWidget::itemChanged, this, &CropPage::onLaneTicked);
}

void CropPage::createOrder()
{
    const auto add = [this](const QString& text, LaneOrder order) {
        m_order->addItem(text, static_cast<int>(order));
    };
    add(tr("By number"), LaneOrder::Number);
    add(tr("Busiest first"), LaneOrder::BusyShare);
    add(tr("Most tasks first"), LaneOrder::Tasks);
    add(tr("By first start"), LaneOrder::Start);
    m_order->setAccessibleName(tr("Order of lanes"));
    m_order->setToolTip(tr("Over the whole run; at first as in the timeline"));
    connect(m_order, &QComboBox::activated, this, &FigurePage::edited);
}

void CropPage::showOrder(LaneOrder order)
{
    m_order->setCurrentIndex(m_order->findData(static_cast<int>(order)));
}

void CropPage::createCollapsed()
{
    for (std::size_t i = 0; i < m_source.snapshot->meta->executors.size(); ++i) {
        const std::string& kind = m_source.snapshot->meta->executors[i].kind;
        if (std::ranges::find(m_collapsed, kind, &std::pair<std::string, QCheckBox*>::first) !=
            m_collapsed.end()) {
            continue;
        }
        auto* box = new QCheckBox(
            tr("%1 in one row").arg(groupTitle(*m_source.snapshot, static_cast<int>(i))), this);
        box->setAccessibleName(box->text());
        box->setToolTip(tr("One row for all of its workers: how many of them were busy"));
        connect(box, &QCheckBox::clicked, this, &FigurePage::edited);
        m_collapsed.emplace_back(kind, box);
    }
}

void CropPage::tickCollapsed(const std::vector<std::string>& collapsed)
{
    for (const auto& [kind, box] : m_collapsed) {
        box->setChecked(std::ranges::find(collapsed, kind) != collapsed.end());
    }
}

void CropPage::createLayout()
{
    QFormLayout* form = newFigureForm(this);
    form->addRow(tr("&Range"), m_range);
    form->addRow(tr("&From"), m_from);
    form->addRow(tr("&To"), m_to);
    form->addRow(tr("L&anes"), m_lanes);
    form->addRow(QString(), m_laneList);
    form->addRow(tr("Or&der"), m_order);
    for (const auto& [kind, box] : m_collapsed) {
        form->addRow(QString(), box);
    }
    m_laneList->setMinimumHeight(80);
    m_laneList->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

std::optional<TimeRange> CropPage::range() const
{
    switch (static_cast<Range>(m_range->currentData().toInt())) {
    case Range::Whole:
        break;
    case Range::Visible:
        return m_source.visible;
    case Range::Selection:
        return m_source.selection;
    case Range::Typed:
        return m_typed;
    }
    return std::nullopt;
}

/// Shows what the chosen range is.
void CropPage::chooseRange()
{
    showRange(range().value_or(TimeRange{0, m_source.snapshot->nowNs}));
    emit edited();
}

void CropPage::showRange(TimeRange range)
{
    const bool wasFilling = std::exchange(m_isFilling, true);
    m_typed = range;
    m_from->setValue(static_cast<double>(range.beginNs) / kNsPerMs);
    m_to->setValue(static_cast<double>(range.endNs) / kNsPerMs);
    m_isFilling = wasFilling;
}

/// Typing into the fields makes the range a typed one.
void CropPage::onRangeTyped()
{
    if (m_isFilling) {
        return;
    }
    m_typed = {std::llround(m_from->value() * kNsPerMs), std::llround(m_to->value() * kNsPerMs)};
    m_range->setCurrentIndex(m_range->findData(static_cast<int>(Range::Typed)));
    emit edited();
}

LaneChoice CropPage::lanes() const
{
    std::vector<int> chosen;
    switch (static_cast<Lanes>(m_lanes->currentData().toInt())) {
    case Lanes::All:
        return {};
    case Lanes::Visible:
        chosen = m_source.visibleLanes;
        break;
    case Lanes::Chosen:
        for (int row = 0; row < m_laneList->count(); ++row) {
            if (m_laneList->item(row)->checkState() == Qt::Checked) {
                chosen.push_back(row);
            }
        }
        break;
    }
    return laneChoiceOf(*m_source.snapshot, chosen);
}

void CropPage::chooseLanes()
{
    if (static_cast<Lanes>(m_lanes->currentData().toInt()) != Lanes::Chosen) {
        tickLanes(lanes());
    }
    emit edited();
}

void CropPage::tickLanes(const LaneChoice& choice)
{
    const bool wasFilling = std::exchange(m_isFilling, true);
    for (int row = 0; row < m_laneList->count(); ++row) {
        const LaneView& lane = m_source.snapshot->lanes[static_cast<std::size_t>(row)];
        m_laneList->item(row)->setCheckState(
            choice.contains(*m_source.snapshot, lane) ? Qt::Checked : Qt::Unchecked);
    }
    m_isFilling = wasFilling;
}

/// Ticking makes the lanes chosen ones.
void CropPage::onLaneTicked()
{
    if (!m_isFilling) {
        m_lanes->setCurrentIndex(m_lanes->findData(static_cast<int>(Lanes::Chosen)));
        emit edited();
    }
}

void CropPage::setOptions(const FigureOptions& options)
{
    const auto range = options.range ? Range::Typed : Range::Whole;
    m_range->setCurrentIndex(m_range->findData(static_cast<int>(range)));
    showRange(options.range.value_or(TimeRange{0, m_source.snapshot->nowNs}));
    const auto lanes = options.lanes.isAll() ? Lanes::All : Lanes::Chosen;
    m_lanes->setCurrentIndex(m_lanes->findData(static_cast<int>(lanes)));
    tickLanes(options.lanes);
    tickCollapsed(options.collapsed);
    showOrder(options.order);
}

void CropPage::read(FigureOptions& options) const
{
    options.range = range();
    options.lanes = lanes();
    options.order = static_cast<LaneOrder>(m_order->currentData().toInt());
    options.collapsed.clear();
    for (const auto& [kind, box] : m_collapsed) {
        if (box->isChecked()) {
            options.collapsed.push_back(kind);
        }
    }
}

} // namespace poolscope
