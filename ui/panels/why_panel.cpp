// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/why_panel.h"

#include "core/trace/lane_columns.h"
#include "ui/common/advice_text.h"
#include "ui/common/format.h"
#include "ui/common/recording_text.h"
#include "ui/panels/ledger_waterfall.h"
#include "ui/panels/range_tables.h"

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QStringList>
#include <QVBoxLayout>

#include <algorithm>
#include <limits>
#include <utility>

namespace poolscope {

namespace {

constexpr int kColumnWidth = 300;

QLabel* makeText(const QString& text, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

/// The POP metrics (pop-coe.eu): what each factor leaves.
QString efficiencyText(const Ledger& ledger)
{
    return WhyPanel::tr(
               "Parallel efficiency %1: load balance %2 times communication efficiency %3.")
        .arg(formatShare(ledger.parallelEfficiency()), formatShare(ledger.loadBalance()),
             formatShare(ledger.communicationEfficiency()));
}

QString boundsText(const Diagnosis& diagnosis)
{
    return WhyPanel::tr(
               "It took %1. No schedule of these tasks on %2 workers takes less than %3; the "
               "longest tasks first would take %4.")
        .arg(formatDuration(diagnosis.makespan.duration()))
        .arg(diagnosis.workers)
        .arg(formatDuration(diagnosis.bounds.lowerNs), formatDuration(diagnosis.longestFirstNs));
}

QString tailText(const Tail& tail)
{
    return tail.guilty.empty()
               ? WhyPanel::tr("No task ended later than evenly spread work had.")
               : WhyPanel::tr("Evenly spread, the work had ended %1 earlier. What ended later:")
                     .arg(formatDuration(tail.costNs()));
}

} // namespace

WhyPanel::WhyPanel(ViewState& state, QWidget* parent)
    : QWidget(parent)
    , m_state(state)
    , m_theme(Theme::light())
    , m_head(new QLabel(this))
    , m_empty(makeText({}, this))
    , m_scroll(new QScrollArea(this))
    , m_content(new QWidget(this))
    , m_columns(new QHBoxLayout(m_content))
{
    setAccessibleName(tr("Why it was not faster"));
    m_head->setObjectName(QStringLiteral("dimLabel"));
    m_head->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred); // the tabs come first
    m_empty->setObjectName(QStringLiteral("dimLabel"));
    m_columns->setContentsMargins(0, 0, 0, 0);
    m_columns->setSpacing(24);
    m_scroll->setWidget(m_content);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setAccessibleName(tr("Advice, ledger and tail of each executor"));
    m_content->setAutoFillBackground(false); // it is on the card
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 2, 6, 4);
    layout->addWidget(m_empty, 0, Qt::AlignTop);
    layout->addWidget(m_scroll, 1);
    connect(&state, &ViewState::snapshotChanged, this, &WhyPanel::request);
    connect(&state, &ViewState::selectionChanged, this, &WhyPanel::requestRange);
    updateHead();
}

void WhyPanel::setTheme(const Theme& theme)
{
    m_theme = theme;
    m_asked = {}; // the columns carry colours
    request();
}

void WhyPanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    request();
}

void WhyPanel::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    m_state.setFinishLines({});
}

/// Asks once for each finished run, and only when somebody looks.
void WhyPanel::request()
{
    const SnapshotPtr& snapshot = m_state.snapshot();
    if (!snapshot || snapshot->isMoving()) {
        m_job.forget();
        m_asked = {};
        clear();
    } else if (isVisible() && !m_asked.isOf(snapshot)) {
        m_asked = SnapshotMark(snapshot);
        clear();
        m_job.ask([this, snapshot]() -> NewestJob::Deliver {
            std::vector<Diagnosis> diagnoses;
            for (std::size_t i = 0; i < snapshot->meta->executors.size(); ++i) {
                diagnoses.push_back(diagnose(*snapshot, static_cast<int>(i)));
            }
            return [this, snapshot, diagnoses = std::move(diagnoses)] {
                showAnswer(snapshot, diagnoses);
            };
        });
    } else if (isVisible()) {
        showFinishLines();
        requestRange();
    }
    updateHead();
}

void WhyPanel::clear()
{
    m_rangeJob.forget();
    m_diagnoses.clear();
    m_ranges.clear();
    m_state.setFinishLines({});
    while (QLayoutItem* item = m_columns->takeAt(0)) {
        delete item->widget();
        delete item;
    }
}

void WhyPanel::updateHead()
{
    const SnapshotPtr& snapshot = m_state.snapshot();
    QString text;
    if (!snapshot) {
        text = tr("Why a run was not faster appears here: press Run.");
    } else if (snapshot->isLive) {
        text = tr("Why the run was not faster appears here when it has ended.");
    } else if (snapshot->isMoving()) {
        text = tr("Stop the replay to see why the run was not faster.");
    } else if (m_columns->count() == 0) {
        text = tr("Looking at all tasks…");
    }
    m_empty->setText(text);
    m_empty->setVisible(!text.isEmpty());
    m_scroll->setVisible(text.isEmpty());
    setFocusProxy(text.isEmpty() ? m_scroll : nullptr); // hidden, it would hold up Tab
    const QString gone = snapshot ? goneBrief(*snapshot) : QString();
    const QString what = tr("Where each worker-second went, and what would help");
    m_head->setText(!text.isEmpty()  ? QString()
                    : gone.isEmpty() ? what
                                     : gone + QStringLiteral(" · ") + what); // what may be cut off
    m_head->setToolTip(gone.isEmpty() ? QString() : goneNote(*snapshot));
}

void WhyPanel::showAnswer(const SnapshotPtr& snapshot, const std::vector<Diagnosis>& diagnoses)
{
    clear();
    m_diagnoses = diagnoses;
    for (std::size_t i = 0; i < diagnoses.size(); ++i) {
        m_columns->addWidget(makeColumn(*snapshot, static_cast<int>(i), diagnoses[i]), 1);
    }
    updateHead();
    if (isVisible()) {
        showFinishLines();
        requestRange();
    }
}

void WhyPanel::showFinishLines()
{
    std::vector<FinishLines> lines;
    for (std::size_t i = 0; i < m_diagnoses.size(); ++i) {
        const Diagnosis& diagnosis = m_diagnoses[i];
        if (!diagnosis.makespan.isEmpty()) {
            const Nanos beginNs = diagnosis.makespan.beginNs;
            lines.push_back({static_cast<int>(i), diagnosis.tail,
                             beginNs + diagnosis.bounds.lowerNs, beginNs + diagnosis.bounds.upperNs,
                             beginNs + diagnosis.longestFirstNs});
        }
    }
    m_state.setFinishLines(std::move(lines));
}

void WhyPanel::requestRange()
{
    const auto range = m_state.selection();
    if (!isVisible() || !m_asked.isOf(m_state.snapshot()) || m_ranges.empty()) {
        return;
    }
    if (!range || range->isEmpty()) {
        m_rangeJob.forget();
        showRange({});
        return;
    }
    m_rangeJob.ask([this, snapshot = m_state.snapshot(), range = *range]() -> NewestJob::Deliver {
        std::vector<Ledger> ledgers;
        for (std::size_t i = 0; i < snapshot->meta->executors.size(); ++i) {
            ledgers.push_back(ledgerOf(*snapshot, static_cast<int>(i), range));
        }
        return [this, ledgers = std::move(ledgers)] { showRange(ledgers); };
    });
}

/// \p ledgers: by executor; empty: no range is selected.
void WhyPanel::showRange(const std::vector<Ledger>& ledgers)
{
    for (std::size_t i = 0; i < m_ranges.size(); ++i) {
        QVBoxLayout& place = *m_ranges[i];
        while (QLayoutItem* item = place.takeAt(0)) {
            delete item->widget();
            delete item;
        }
        if (i < ledgers.size() && ledgers[i].totalNs > 0) {
            place.addWidget(makeText(tr("In the selected range:"), m_content));
            place.addWidget(new LedgerWaterfall(ledgers[i], m_theme, m_content));
        }
    }
}

QWidget* WhyPanel::makeColumn(const Snapshot& snapshot, int executor, const Diagnosis& diagnosis)
{
    const ExecutorMeta& meta = snapshot.meta->executors[static_cast<std::size_t>(executor)];
    auto* column = new QWidget(m_content);
    column->setMinimumWidth(kColumnWidth);
    auto* layout = new QVBoxLayout(column);
    layout->setContentsMargins(0, 0, 4, 0);
    layout->setSpacing(6);
    auto* title = new QLabel(
        QStringLiteral("<b>%1</b>")
            .arg(QCoreApplication::translate("executor", meta.title.c_str()).toHtmlEscaped()),
        column);
    layout->addWidget(title);
    if (diagnosis.advice.empty()) {
        layout->addWidget(makeText(tr("No task ran."), column));
        m_ranges.push_back(new QVBoxLayout);
        layout->addLayout(m_ranges.back());
        layout->addStretch(1);
        return column;
    }
    for (const Advice& advice : diagnosis.advice) {
        layout->addWidget(makeAdvice(executor, advice, diagnosis));
    }
    layout->addWidget(new LedgerWaterfall(diagnosis.ledger, m_theme, column));
    layout->addWidget(makeText(efficiencyText(diagnosis.ledger), column));
    auto* range = new QVBoxLayout;
    range->setSpacing(6);
    layout->addLayout(range);
    m_ranges.push_back(range);
    layout->addWidget(makeText(boundsText(diagnosis), column));
    layout->addWidget(makeText(tailText(diagnosis.tail), column));
    for (const TailTask& task : diagnosis.tail.guilty) {
        auto* button =
            new QPushButton(tr("Task %1: %2 later, ran %3")
                                .arg(QString::number(task.task), formatDuration(task.overrunNs),
                                     formatDuration(task.endNs - task.startNs)),
                            column);
        button->setToolTip(tr("Select it and show it in the timeline"));
        connect(button, &QPushButton::clicked, this, [this, task] { select(task); });
        layout->addWidget(button, 0, Qt::AlignLeft);
    }
    layout->addStretch(1);
    return column;
}

QWidget* WhyPanel::makeAdvice(int executor, const Advice& advice, const Diagnosis& diagnosis)
{
    auto* row = new QWidget(m_content);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(makeText(adviceText(advice, diagnosis), row), 1);
    const auto addButton = [&](const QString& text, const QString& help) {
        auto* button = new QPushButton(text, row);
        button->setToolTip(help);
        layout->addWidget(button, 0, Qt::AlignTop);
        return button;
    };
    const int number =
        static_cast<int>(std::min<std::uint64_t>(advice.number, std::numeric_limits<int>::max()));
    if (advice.kind == Advice::Kind::LargerChunk) {
        connect(addButton(tr("Chunk %1").arg(number), tr("Set it for the next run")),
                &QPushButton::clicked, this, [this, number] { emit chunkWanted(number); });
        connect(addButton(tr("Lab…"), tr("Measure which chunk to take, in many runs")),
                &QPushButton::clicked, this, &WhyPanel::labWanted);
    } else if (advice.kind == Advice::Kind::MoreWorkers || advice.kind == Advice::Kind::TasksWait ||
               advice.kind == Advice::Kind::FewerWorkers) {
        connect(addButton(tr("%1 workers").arg(number), tr("Set them for the next run")),
                &QPushButton::clicked, this,
                [this, executor, number] { emit workersWanted(executor, number); });
        connect(addButton(tr("Lab…"), tr("Measure how many workers to take, in many runs")),
                &QPushButton::clicked, this, &WhyPanel::labWanted);
    } else if (advice.kind == Advice::Kind::FewerTasksInTail && !diagnosis.tail.guilty.empty()) {
        const TailTask task = diagnosis.tail.guilty.front();
        connect(addButton(tr("Show the task"), tr("Select it and show it in the timeline")),
                &QPushButton::clicked, this, [this, task] { select(task); });
    }
    return row;
}

void WhyPanel::select(const TailTask& task)
{
    const SnapshotPtr& snapshot = m_state.snapshot();
    if (!snapshot || task.lane < 0 || task.lane >= static_cast<int>(snapshot->lanes.size())) {
        return;
    }
    const LaneView& lane = snapshot->lanes[static_cast<std::size_t>(task.lane)];
    const RecordRef record{task.lane, firstRecordEndingAfter(lane, task.endNs - 1)};
    m_state.setSelected(record);
    m_state.reveal(record);
}

} // namespace poolscope
