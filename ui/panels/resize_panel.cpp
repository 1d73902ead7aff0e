// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/resize_panel.h"

#include "ui/common/format.h"
#include "ui/common/receipt_text.h"
#include "ui/panels/range_tables.h"

#include <QCoreApplication>
#include <QHeaderView>
#include <QLabel>
#include <QTableWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace poolscope {

namespace {

constexpr int kShortestPauseMs = 500;
constexpr Nanos kPauseFactor = 50;

enum Column { When, Where, Workers, Throughput, RunP95, Busy, Memory, Effect, ColumnCount };

} // namespace

ResizePanel::ResizePanel(ViewState& state, QWidget* parent)
    : QWidget(parent)
    , m_state(state)
    , m_theme(Theme::light())
    , m_head(new QLabel(this))
    , m_empty(new QLabel(this))
    , m_table(new QTableWidget(0, ColumnCount, this))
{
    m_head->setObjectName(QStringLiteral("dimLabel"));
    m_empty->setObjectName(QStringLiteral("dimLabel"));
    m_empty->setWordWrap(true);
    m_table->setAccessibleName(tr("Changes of size and what they did"));
    m_table->setHorizontalHeaderLabels({tr("At"), tr("Executor"), tr("Workers"), tr("Tasks/s"),
                                        tr("Run p95"), tr("Busy"), tr("Memory"), tr("Effect")});
    m_table->horizontalHeaderItem(Memory)->setToolTip(
        tr("Most resident memory of a worker process; measured with the costs"));
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(Effect, QHeaderView::Stretch);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setShowGrid(false);
    m_table->setWordWrap(true);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setTabKeyNavigation(false);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 2, 6, 4);
    layout->addWidget(m_empty, 0, Qt::AlignTop);
    layout->addWidget(m_table, 1);
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &ResizePanel::request);
    connect(m_table, &QTableWidget::cellClicked, this, [this](int row) { select(row); });
    connect(m_table, &QTableWidget::cellActivated, this, [this](int row) { select(row); });
    connect(&state, &ViewState::snapshotChanged, this, &ResizePanel::onSnapshotChanged);
    updateHead();
}

void ResizePanel::setTheme(const Theme& theme)
{
    m_theme = theme;
    m_asked = {}; // the rows carry colours
    request();
}

void ResizePanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    request();
}

void ResizePanel::onSnapshotChanged()
{
    const SnapshotPtr& now = m_state.snapshot();
    const bool isOtherRun = !m_asked.isOfRun(now);
    if (isOtherRun) {
        m_receipts.clear();
        m_table->setRowCount(0);
    }
    if (isOtherRun || !now->isMoving()) {
        request();
    } else if (!m_isWaiting && !m_timer.isActive()) {
        m_timer.start(kShortestPauseMs);
    }
}

void ResizePanel::request()
{
    const SnapshotPtr& snapshot = m_state.snapshot();
    if (!snapshot) {
        m_job.forget();
        m_asked = {};
        m_isWaiting = false;
    } else if (isVisible() && !m_asked.isOf(snapshot)) {
        m_asked = SnapshotMark(snapshot);
        m_isWaiting = true;
        m_job.ask([this, snapshot]() -> NewestJob::Deliver {
            const Nanos start = monotonicNow();
            std::vector<ResizeReceipt> receipts = resizeReceipts(*snapshot);
            const Nanos tookNs = monotonicNow() - start;
            return [this, snapshot, receipts = std::move(receipts), tookNs] {
                showReceipts(snapshot, receipts, tookNs);
            };
        });
    }
    updateHead();
}

void ResizePanel::showReceipts(const SnapshotPtr& snapshot, std::vector<ResizeReceipt> receipts,
                               Nanos tookNs)
{
    m_isWaiting = false;
    m_receipts = std::move(receipts);
    m_table->setRowCount(static_cast<int>(m_receipts.size()));
    for (int row = 0; row < m_table->rowCount(); ++row) {
        fillRow(row, *snapshot, m_receipts[static_cast<std::size_t>(row)]);
    }
    updateHead();
    if (snapshot->isMoving() || snapshot != m_state.snapshot()) {
        const Nanos pauseMs = tookNs * kPauseFactor / kNanosPerMilli;
        m_timer.start(static_cast<int>(std::clamp<Nanos>(pauseMs, kShortestPauseMs, 60'000)));
    }
}

void ResizePanel::fillRow(int row, const Snapshot& snapshot, const ResizeReceipt& receipt)
{
    const ExecutorMeta& meta = snapshot.meta->executors[static_cast<std::size_t>(receipt.executor)];
    const ReceiptTexts figures = receiptTexts(receipt);
    const QStringList texts{formatDuration(receipt.timeNs),
                            QCoreApplication::translate("executor", meta.title.c_str()),
                            figures.workers,
                            figures.throughput,
                            figures.runP95,
                            figures.utilisation,
                            figures.memory,
                            receiptText(receipt)};
    for (int column = 0; column < ColumnCount; ++column) {
        auto* item = new QTableWidgetItem(texts[column]);
        item->setToolTip(texts[column]);
        if (column == Where) {
            item->setData(Qt::DecorationRole,
                          executorColour(m_theme, static_cast<std::size_t>(receipt.executor)));
        }
        m_table->setItem(row, column, item);
    }
    m_table->item(row, RunP95)
        ->setToolTip(
            receipt.hasOtherRunTimes
                ? tr("The run times of the tasks differ beyond chance, by their ranks.")
                : tr("The run times of the tasks do not differ beyond chance, by their ranks."));
}

/// Shows both sides of the change in the timeline.
void ResizePanel::select(int row)
{
    if (row < 0 || row >= static_cast<int>(m_receipts.size())) {
        return;
    }
    const ResizeReceipt& receipt = m_receipts[static_cast<std::size_t>(row)];
    const Nanos beginNs =
        receipt.before.range.isEmpty() ? receipt.timeNs : receipt.before.range.beginNs;
    const Nanos endNs =
        receipt.after.range.isEmpty() ? receipt.settledNs : receipt.after.range.endNs;
    if (beginNs < endNs) {
        m_state.setSelection(TimeRange{beginNs, endNs});
    }
}

void ResizePanel::updateHead()
{
    const SnapshotPtr& snapshot = m_state.snapshot();
    QString text;
    if (!snapshot) {
        text = tr("What a change of size did appears here: press Run, and change the workers.");
    } else if (m_receipts.empty()) {
        text = snapshot->isLive ? tr("Change the number of workers while the run goes on: what "
                                     "that did appears here.")
                                : tr("No number of workers was changed in this run.");
    }
    m_empty->setText(text);
    m_empty->setVisible(!text.isEmpty());
    m_table->setVisible(text.isEmpty());
    setFocusProxy(text.isEmpty() ? m_table : nullptr); // hidden, it would hold up Tab
    m_head->setText(text.isEmpty() ? tr("Before and after each change of size; a click selects "
                                        "both sides")
                                   : QString());
}

} // namespace poolscope
