// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/range_panel.h"

#include "core/analysis/task_query.h"
#include "ui/common/format.h"
#include "ui/panels/histogram_view.h"
#include "ui/panels/line_icon.h"
#include "ui/timeline/lane_facts.h"

#include <QAction>
#include <QClipboard>
#include <QFontMetrics>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QTableWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <utility>

namespace poolscope {

namespace {

constexpr int kShortestPauseMs = 500;
constexpr int kFirstDelayMs = 120; ///< a selection that is being drawn changes at each move
constexpr int kPauseFactor = 50; ///< of the time the last figures took
constexpr int kRowHeight = 20;
constexpr int kCellPadding = 13;
constexpr int kHeaderRoom = 8;
constexpr int kTimeWidth = 130;
constexpr int kLanesWidth = 176;
constexpr int kHistogramWidth = 190;

std::vector<RangeFigures> figuresOf(const Snapshot& snapshot, std::optional<TimeRange> range)
{
    std::vector<RangeFigures> figures;
    for (std::size_t i = 0; i < snapshot.meta->executors.size(); ++i) {
        figures.push_back(rangeFigures(snapshot, static_cast<int>(i), range));
    }
    return figures;
}

/// \return what is typed; nothing when it is no time. People may write the point of their language.
std::optional<Nanos> typedTime(QString text)
{
    text.replace(QLocale().decimalPoint(), QStringLiteral("."));
    return parseDuration(text.toStdString());
}

void setCell(QTableWidget* table, int row, int column, const QString& text, bool isNumber = true)
{
    QTableWidgetItem* item = table->item(row, column);
    if (item == nullptr) {
        item = new QTableWidgetItem;
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
        item->setTextAlignment(Qt::AlignVCenter | (isNumber ? Qt::AlignRight : Qt::AlignLeft));
        table->setItem(row, column, item);
    }
    item->setText(text);
}

/// As wide as the texts are, without the room that Qt would leave for marks of sorting.
void fitColumns(QTableWidget* table)
{
    const QFontMetrics metrics(table->font());
    for (int column = 0; column + 1 < table->columnCount(); ++column) {
        int width =
            metrics.horizontalAdvance(table->horizontalHeaderItem(column)->text()) + kHeaderRoom;
        for (int row = 0; row < table->rowCount(); ++row) {
            const QTableWidgetItem* item = table->item(row, column);
            if (item != nullptr && table->columnSpan(row, column) == 1) {
                width = std::max(width, metrics.horizontalAdvance(item->text()));
            }
        }
        table->setColumnWidth(column, width + kCellPadding);
    }
}

} // namespace

QString exactTime(Nanos timeNs)
{
    struct Unit
    {
        const char* name;
        Nanos size;
        int digits;
    };
    static constexpr std::array kUnits{Unit{"s", kNanosPerSecond, 9}, Unit{"ms", kNanosPerMilli, 6},
                                       Unit{"µs", kNanosPerMicro, 3}};
    for (const Unit& unit : kUnits) {
        if (timeNs < unit.size) {
            continue;
        }
        QString text = QString::number(timeNs / unit.size);
        QString part = QStringLiteral("%1").arg(timeNs % unit.size, unit.digits, 10, QChar(u'0'));
        while (part.endsWith(u'0')) {
            part.chop(1);
        }
        if (!part.isEmpty()) {
            text += QLocale().decimalPoint() + part;
        }
        return text + u' ' + QString::fromUtf8(unit.name);
    }
    return timeNs == 0 ? QStringLiteral("0 ms") : QStringLiteral("%1 ns").arg(timeNs);
}

RangePanel::RangePanel(ViewState& state, QWidget* parent)
    : QWidget(parent)
    , m_state(state)
    , m_theme(Theme::light())
    , m_head(new QWidget(this))
    , m_from(makeTimeEdit(tr("Range from")))
    , m_to(makeTimeEdit(tr("Range to")))
    , m_scope(new QLabel(m_head))
    , m_clear(new QToolButton(m_head))
    , m_copy(new QToolButton(m_head))
    , m_empty(new QLabel(tr("Figures over any range of time appear here: press Run, then "
                            "Shift+drag over the timeline or type from and to."),
                         this))
    , m_content(new QWidget(this))
    , m_figures(
          makeTable(tr("Figures of the range"), {tr("Executor"), tr("Count"), tr("Sum"), tr("Mean"),
                                                 tr("p50"), tr("p95"), tr("p99"), tr("Max")}))
    , m_lanes(makeTable(tr("Busy share of each lane"), {tr("Lane"), tr("Busy"), tr("Ended")}))
    , m_runs(new HistogramView(tr("Run time"), m_content))
    , m_waits(new HistogramView(tr("Queue wait"), m_content))
{
    setAccessibleName(tr("Range"));
    m_empty->setObjectName(QStringLiteral("dimLabel"));
    m_empty->setWordWrap(true);
    createHead();
    createLayout();
    setFocusProxy(m_from);
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &RangePanel::request);
    connect(&state, &ViewState::snapshotChanged, this, &RangePanel::onSnapshotChanged);
    connect(&state, &ViewState::selectionChanged, this, &RangePanel::onSelectionChanged);
    connect(m_clear, &QToolButton::clicked, this, [this] { m_state.setSelection(std::nullopt); });
    connect(m_copy, &QToolButton::clicked, this, &RangePanel::copyFigures);
    updateHead();
}

QLineEdit* RangePanel::makeTimeEdit(const QString& name)
{
    auto* edit = new QLineEdit(m_head);
    edit->setAccessibleName(name);
    edit->setToolTip(tr("A time from the beginning of the run, with its unit: 12.5 ms, 3 s; then "
                        "Enter"));
    edit->setMaximumWidth(kTimeWidth);
    connect(edit, &QLineEdit::returnPressed, this, &RangePanel::onTyped);
    connect(edit, &QLineEdit::editingFinished, this, [this, edit] {
        if (edit->isModified()) {
            onTyped();
        }
    });
    return edit;
}

QTableWidget* RangePanel::makeTable(const QString& name, const QStringList& titles)
{
    auto* table = new QTableWidget(0, static_cast<int>(titles.size()), m_content);
    table->setHorizontalHeaderLabels(titles);
    table->setAccessibleName(name);
    table->setFrameShape(QFrame::NoFrame);
    table->setShowGrid(false);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setWordWrap(false);
    table->setTabKeyNavigation(false);
    table->setMinimumHeight(2 * kRowHeight);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(kRowHeight);
    QHeaderView* header = table->horizontalHeader();
    header->setHighlightSections(false);
    header->setMinimumSectionSize(40);
    header->setSectionResizeMode(table->columnCount() - 1, QHeaderView::Stretch);
    for (int column = 0; column < table->columnCount(); ++column) {
        table->horizontalHeaderItem(column)->setTextAlignment(
            Qt::AlignVCenter | (column == 0 ? Qt::AlignLeft : Qt::AlignRight));
    }
    return table;
}

void RangePanel::createHead()
{
    for (QToolButton* button : {m_clear, m_copy}) {
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::TabFocus);
    }
    m_clear->setAccessibleName(tr("Clear range"));
    m_clear->setToolTip(tr("Show the figures of the whole run (Esc in the timeline)"));
    m_copy->setAccessibleName(tr("Copy figures"));
    m_copy->setToolTip(tr("Copy the figures to the clipboard"));
    auto* head = new QHBoxLayout(m_head);
    head->setContentsMargins(0, 0, 0, 0);
    head->setSpacing(6);
    auto* from = new QLabel(tr("From"), m_head);
    auto* to = new QLabel(tr("to"), m_head);
    from->setBuddy(m_from);
    to->setBuddy(m_to);
    head->addWidget(from);
    head->addWidget(m_from, 1);
    head->addWidget(to);
    head->addWidget(m_to, 1);
    head->addWidget(m_clear);
    head->addWidget(m_scope, 3);
    head->addWidget(m_copy);
}

void RangePanel::createLayout()
{
    auto* copy = new QAction(tr("Copy"), m_figures);
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetShortcut);
    connect(copy, &QAction::triggered, this, &RangePanel::copyFigures);
    m_figures->addAction(copy);
    m_figures->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_lanes->setFixedWidth(kLanesWidth);
    for (HistogramView* histogram : {m_runs, m_waits}) {
        histogram->setFixedWidth(kHistogramWidth);
    }
    auto* histograms = new QVBoxLayout;
    histograms->setSpacing(4);
    histograms->addWidget(m_runs, 1);
    histograms->addWidget(m_waits, 1);
    auto* content = new QHBoxLayout(m_content);
    content->setContentsMargins(0, 0, 0, 0);
    content->setSpacing(10);
    content->addWidget(m_figures, 1);
    content->addLayout(histograms);
    content->addWidget(m_lanes);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 2, 6, 4);
    layout->addWidget(m_head);
    layout->addWidget(m_empty, 0, Qt::AlignTop);
    layout->addWidget(m_content, 1);
}

void RangePanel::setTheme(const Theme& theme)
{
    m_theme = theme;
    m_clear->setIcon(lineIcon(QStringLiteral("close"), theme));
    m_copy->setIcon(lineIcon(QStringLiteral("copy"), theme));
    m_runs->setTheme(theme);
    m_waits->setTheme(theme);
    m_asked.reset(); // the figures carry colours
    request();
}

QColor RangePanel::colourOf(std::size_t executor) const
{
    return m_theme.executors[executor % m_theme.executors.size()];
}

QString RangePanel::problemText() const
{
    return m_problem;
}

void RangePanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    onSnapshotChanged();
    updateHead();
}

/// An empty field is an end of the run.
void RangePanel::onTyped()
{
    const TimeRange all = m_state.bounds();
    m_problem.clear();
    TimeRange range = all;
    const auto read = [this](QLineEdit* edit, Nanos& target) {
        edit->setModified(false);
        const QString text = edit->text().trimmed();
        if (text.isEmpty()) {
            return;
        }
        if (const auto time = typedTime(text)) {
            target = *time;
        } else {
            m_problem = tr("“%1” is no time. Write a number and a unit: 12.5 ms, 3 s.").arg(text);
        }
    };
    read(m_from, range.beginNs);
    read(m_to, range.endNs);
    if (m_problem.isEmpty() && range.isEmpty()) {
        m_problem = tr("The range ends before it begins.");
    } else if (m_problem.isEmpty() && range.beginNs >= all.endNs) {
        m_problem = tr("The run ends at %1, before that range.").arg(exactTime(all.endNs));
    }
    if (m_problem.isEmpty()) {
        m_state.setSelection(range == all ? std::nullopt : std::optional(range));
    }
    updateHead();
}

void RangePanel::onSnapshotChanged()
{
    const SnapshotPtr& now = m_state.snapshot();
    const bool isOtherRun = !now || !m_asked || now->meta != m_asked->meta;
    if (isOtherRun || !now->isLive) {
        updateHead();
        request();
    } else if (!m_isWaiting && !m_timer.isActive()) {
        m_timer.start(kShortestPauseMs);
    }
}

void RangePanel::onSelectionChanged()
{
    m_problem.clear();
    m_from->setModified(false);
    m_to->setModified(false);
    updateHead();
    m_timer.start(kFirstDelayMs);
}

void RangePanel::request()
{
    const SnapshotPtr& snapshot = m_state.snapshot();
    if (!snapshot) {
        m_job.forget();
        m_asked.reset();
        m_isWaiting = false;
        updateHead();
    } else if (isVisible()) {
        m_asked = snapshot;
        m_isWaiting = true;
        m_job.ask([this, snapshot, range = m_state.selection()]() -> NewestJob::Deliver {
            const Nanos start = monotonicNow();
            std::vector<RangeFigures> figures = figuresOf(*snapshot, range);
            const Nanos tookNs = monotonicNow() - start;
            return [this, snapshot, figures = std::move(figures), tookNs] {
                showFigures(snapshot, figures, tookNs);
            };
        });
    }
}

void RangePanel::showFigures(const SnapshotPtr& snapshot, const std::vector<RangeFigures>& figures,
                             Nanos tookNs)
{
    m_isWaiting = false;
    showTable(snapshot, figures);
    showLanes(snapshot, figures);
    showHistograms(snapshot, figures);
    updateHead();
    if (snapshot->isLive) {
        const Nanos pauseMs = tookNs * kPauseFactor / kNanosPerMilli;
        m_timer.start(static_cast<int>(std::clamp<Nanos>(pauseMs, kShortestPauseMs, 60'000)));
    }
}

/// Three rows an executor: what it did, its run times, its waits.
void RangePanel::showTable(const SnapshotPtr& snapshot, const std::vector<RangeFigures>& figures)
{
    m_figures->clearSpans();
    m_figures->setRowCount(static_cast<int>(3 * figures.size()));
    int row = 0;
    for (std::size_t i = 0; i < figures.size(); ++i) {
        const RangeFigures& each = figures[i];
        const QString name = QString::fromStdString(snapshot->meta->executors[i].title);
        setCell(m_figures, row, 0, name, false);
        m_figures->item(row, 0)->setForeground(colourOf(i));
        setCell(m_figures, row, 1,
                tr("%1 tasks, %2, %3 busy")
                    .arg(formatCount(each.summary.tasks), formatRate(each.summary.tasksPerSecond),
                         formatShare(each.summary.utilisation)),
                false);
        m_figures->setSpan(row++, 1, 1, m_figures->columnCount() - 1);
        const auto showDurations = [&](const QString& what, Nanos sumNs,
                                       const Percentiles& percentiles) {
            const auto text = [&](Nanos duration) {
                return each.attempts == 0 ? QStringLiteral("–") : formatDuration(duration);
            };
            int column = 0;
            setCell(m_figures, row, column++, what, false);
            setCell(m_figures, row, column++, formatCount(each.attempts));
            for (const Nanos figure :
                 {sumNs, static_cast<Nanos>(percentiles.meanNs), percentiles.p50Ns,
                  percentiles.p95Ns, percentiles.p99Ns, percentiles.maxNs}) {
                setCell(m_figures, row, column++, text(figure));
            }
            ++row;
        };
        showDurations(tr("Run time"), each.runSumNs, each.summary.run);
        showDurations(tr("Queue wait"), each.waitSumNs, each.summary.wait);
    }
    fitColumns(m_figures);
}

void RangePanel::showLanes(const SnapshotPtr& snapshot, const std::vector<RangeFigures>& figures)
{
    std::size_t count = 0;
    for (const RangeFigures& each : figures) {
        count += each.lanes.size();
    }
    m_lanes->setRowCount(static_cast<int>(count));
    int row = 0;
    for (std::size_t i = 0; i < figures.size(); ++i) {
        for (const LaneShare& lane : figures[i].lanes) {
            const LaneInfo& info = snapshot->lanes[static_cast<std::size_t>(lane.lane)].info();
            setCell(m_lanes, row, 0, laneName(info), false);
            m_lanes->item(row, 0)->setForeground(colourOf(i));
            setCell(m_lanes, row, 1, formatShare(lane.share()));
            setCell(m_lanes, row++, 2, formatCount(lane.attempts));
        }
    }
    fitColumns(m_lanes);
}

void RangePanel::showHistograms(const SnapshotPtr& snapshot,
                                const std::vector<RangeFigures>& figures)
{
    std::vector<HistogramView::Series> runs;
    std::vector<HistogramView::Series> waits;
    for (std::size_t i = 0; i < figures.size(); ++i) {
        const QString name = QString::fromStdString(snapshot->meta->executors[i].title);
        runs.push_back({name, colourOf(i), figures[i].runs});
        waits.push_back({name, colourOf(i), figures[i].waits});
    }
    m_runs->setSeries(std::move(runs));
    m_waits->setSeries(std::move(waits));
}

void RangePanel::updateHead()
{
    const SnapshotPtr& snapshot = m_state.snapshot();
    const auto selection = m_state.selection();
    const TimeRange all = m_state.bounds();
    m_from->setPlaceholderText(exactTime(all.beginNs));
    m_to->setPlaceholderText(exactTime(all.endNs));
    if (m_problem.isEmpty() && !m_from->isModified() && !m_to->isModified()) {
        m_from->setText(selection ? exactTime(selection->beginNs) : QString());
        m_to->setText(selection ? exactTime(selection->endNs) : QString());
    }
    QString scope;
    if (!m_problem.isEmpty()) {
        scope = m_problem;
    } else if (selection) {
        scope = tr("%1 selected").arg(formatDuration(selection->duration()));
    } else if (snapshot) {
        scope = snapshot->isLive ? tr("Run so far") : tr("Whole run");
    }
    m_scope->setText(scope);
    m_scope->setToolTip(m_problem);
    m_scope->setObjectName(m_problem.isEmpty() ? QStringLiteral("dimLabel")
                                               : QStringLiteral("problemLabel"));
    m_scope->style()->unpolish(m_scope);
    m_scope->style()->polish(m_scope);
    m_clear->setVisible(selection.has_value());
    m_from->setEnabled(snapshot != nullptr);
    m_to->setEnabled(snapshot != nullptr);
    m_copy->setVisible(snapshot != nullptr);
    m_empty->setVisible(!snapshot);
    m_content->setVisible(snapshot != nullptr);
}

void RangePanel::copyFigures() const
{
    QStringList lines;
    QStringList cells;
    for (int column = 0; column < m_figures->columnCount(); ++column) {
        cells += m_figures->horizontalHeaderItem(column)->text();
    }
    lines += cells.join(u'\t');
    for (int row = 0; row < m_figures->rowCount(); ++row) {
        cells.clear();
        const int columns = m_figures->columnSpan(row, 1) > 1 ? 2 : m_figures->columnCount();
        for (int column = 0; column < columns; ++column) {
            cells += m_figures->item(row, column)->text();
        }
        lines += cells.join(u'\t');
    }
    QGuiApplication::clipboard()->setText(lines.join(u'\n') + u'\n');
}

} // namespace poolscope
