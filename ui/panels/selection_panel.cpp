// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/selection_panel.h"

#include "ui/common/format.h"
#include "ui/common/recording_text.h"
#include "ui/panels/line_icon.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QScrollBar>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace poolscope {

namespace {

constexpr int kShortestPauseMs = 500;
constexpr int kFirstDelayMs = 120; ///< a selection that is being drawn changes at each move
constexpr int kPauseFactor = 50; ///< of the time the last summary took
constexpr int kRowHeight = 26;
constexpr int kNarrowestColumn = 58;

std::vector<RunSummary> summarise(const Snapshot& snapshot, std::optional<TimeRange> range)
{
    std::vector<RunSummary> summaries;
    const int executors = static_cast<int>(snapshot.meta->executors.size());
    summaries.reserve(snapshot.meta->executors.size());
    for (int executor = 0; executor < executors; ++executor) {
        summaries.push_back(range ? summariseRange(snapshot, executor, *range)
                                  : summariseRun(snapshot, executor));
    }
    return summaries;
}

} // namespace

SelectionPanel::SelectionPanel(ViewState& state, QWidget* parent)
    : QFrame(parent)
    , m_state(state)
    , m_theme(Theme::light())
    , m_head(new QWidget(this))
    , m_scope(new QLabel(this))
    , m_empty(
          new QLabel(tr("The figures of each executor appear here. Shift+drag over the timeline "
                        "or a graph gives those of a range."),
                     this))
    , m_clear(makeButton(tr("Clear selection"), tr("Show the figures of the whole run (Esc)")))
    , m_copy(makeButton(tr("Copy statistics"), tr("Copy the table to the clipboard")))
    , m_table(new QTableView(this))
{
    setAccessibleName(tr("Statistics"));
    m_scope->setObjectName(QStringLiteral("dimLabel"));
    m_empty->setObjectName(QStringLiteral("dimLabel"));
    m_empty->setWordWrap(true);
    createTable();

    auto* head = new QHBoxLayout(m_head);
    head->setContentsMargins(0, 0, 0, 0);
    head->setSpacing(8);
    head->addWidget(m_scope);
    head->addWidget(m_clear);
    head->addStretch();
    head->addWidget(m_copy);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 4, 8, 8);
    layout->setSpacing(0);
    layout->addWidget(m_head);
    layout->addWidget(m_empty, 0, Qt::AlignTop);
    layout->addWidget(m_table);
    layout->addStretch();

    setTabOrder(m_table, m_clear); // Tab goes to the table first
    setTabOrder(m_clear, m_copy);
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &SelectionPanel::onTimer);
    connect(&state, &ViewState::snapshotChanged, this, &SelectionPanel::onSnapshotChanged);
    connect(&state, &ViewState::selectionChanged, this, &SelectionPanel::onSelectionChanged);
    connect(m_clear, &QToolButton::clicked, this, &SelectionPanel::clearSelection);
    connect(m_copy, &QToolButton::clicked, this, &SelectionPanel::copyTable);
    updateScope();
}

QToolButton* SelectionPanel::makeButton(const QString& name, const QString& help)
{
    auto* button = new QToolButton(this);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(name);
    button->setToolTip(help);
    return button;
}

void SelectionPanel::createTable()
{
    m_table->setModel(&m_model);
    m_table->setAccessibleName(tr("Statistics of each executor"));
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setShowGrid(false);
    m_table->setIconSize(QSize(10, 10));
    m_table->setAlternatingRowColors(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    m_table->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff); // it is as high as its rows
    m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(kRowHeight);
    QHeaderView* header = m_table->horizontalHeader();
    header->setHighlightSections(false);
    header->setSectionResizeMode(QHeaderView::Stretch);
    header->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    header->setMinimumSectionSize(kNarrowestColumn);

    auto* copy = new QAction(tr("Copy"), m_table);
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetShortcut);
    connect(copy, &QAction::triggered, this, &SelectionPanel::copyTable);
    m_table->addAction(copy);
    m_table->setContextMenuPolicy(Qt::ActionsContextMenu);
}

void SelectionPanel::setTheme(const Theme& theme)
{
    m_theme = theme;
    m_clear->setIcon(lineIcon(QStringLiteral("close"), theme));
    m_copy->setIcon(lineIcon(QStringLiteral("copy"), theme));
    m_asked = {}; // the rows carry colours
    request();
}

QString SelectionPanel::scopeText() const
{
    return m_scope->text();
}

void SelectionPanel::copyTable() const
{
    QGuiApplication::clipboard()->setText(m_model.asText());
}

void SelectionPanel::showEvent(QShowEvent* event)
{
    QFrame::showEvent(event);
    onSnapshotChanged();
}

void SelectionPanel::onSnapshotChanged()
{
    const SnapshotPtr& now = m_state.snapshot();
    const bool isOtherRun = !m_asked.isOfRun(now);
    if (isOtherRun || !now->isMoving()) {
        request(); // nothing to spare any more, or nothing to see yet
    } else if (!m_isWaiting && !m_timer.isActive()) {
        m_timer.start(kShortestPauseMs);
    }
}

void SelectionPanel::onSelectionChanged()
{
    updateScope();
    m_timer.start(kFirstDelayMs);
}

void SelectionPanel::onTimer()
{
    request();
}

void SelectionPanel::request()
{
    const SnapshotPtr& snapshot = m_state.snapshot();
    if (!snapshot) {
        m_job.forget();
        m_asked = {};
        m_isWaiting = false;
        m_model.setRows({});
        updateScope();
    } else if (isVisible()) {
        m_asked = SnapshotMark(snapshot);
        m_isWaiting = true;
        m_job.ask([this, snapshot, range = m_state.selection()]() -> NewestJob::Deliver {
            const Nanos start = monotonicNow();
            std::vector<RunSummary> summaries = summarise(*snapshot, range);
            const Nanos tookNs = monotonicNow() - start;
            return [this, snapshot, summaries = std::move(summaries), tookNs] {
                showSummaries(snapshot, summaries, tookNs);
            };
        });
    }
}

void SelectionPanel::showSummaries(const SnapshotPtr& snapshot,
                                   const std::vector<RunSummary>& summaries, Nanos tookNs)
{
    m_isWaiting = false;
    std::vector<SummaryModel::Row> rows;
    for (std::size_t i = 0; i < summaries.size(); ++i) {
        rows.push_back({QString::fromStdString(snapshot->meta->executors[i].title),
                        m_theme.executors[i % m_theme.executors.size()], summaries[i]});
    }
    m_model.setRows(std::move(rows));
    updateScope();
    if (snapshot->isLive || snapshot != m_state.snapshot()) {
        const Nanos pauseMs = tookNs * kPauseFactor / kNanosPerMilli;
        m_timer.start(static_cast<int>(std::clamp<Nanos>(pauseMs, kShortestPauseMs, 60'000)));
    }
}

void SelectionPanel::clearSelection()
{
    m_state.setSelection(std::nullopt);
}

void SelectionPanel::updateScope()
{
    const SnapshotPtr& snapshot = m_state.snapshot();
    const auto selection = m_state.selection();
    const bool hasRows = m_model.rowCount() > 0;
    QString text;
    if (selection) {
        text = tr("%1 selected, from %2")
                   .arg(formatDuration(selection->duration()), formatDuration(selection->beginNs));
    } else if (hasRows) {
        text = snapshot && snapshot->isLive ? tr("Run so far") : tr("Whole run");
    }
    const QString gone = hasRows && snapshot ? goneBrief(*snapshot) : QString();
    m_scope->setText(gone.isEmpty() ? text : text + QStringLiteral(" · ") + gone);
    m_scope->setToolTip(gone.isEmpty() ? QString() : goneSentence(*snapshot));
    m_clear->setVisible(selection.has_value());
    m_copy->setVisible(hasRows);
    m_table->setVisible(hasRows);
    setFocusProxy(hasRows ? m_table : nullptr); // hidden, it would hold up Tab
    m_empty->setVisible(!hasRows);
    fitTable();
}

void SelectionPanel::resizeEvent(QResizeEvent* event)
{
    QFrame::resizeEvent(event);
    fitTable();
}

/// Columns of the same width where all of them fit so, else each as wide as it must be.
void SelectionPanel::fitTable()
{
    QHeaderView* header = m_table->horizontalHeader();
    const QAbstractItemView* table = m_table; // where the hint is public
    const int figures = m_model.columnCount() - 1;
    int widest = kNarrowestColumn;
    int all = 0;
    for (int column = 1; column <= figures; ++column) {
        const int needed = std::max(
            {kNarrowestColumn, header->sectionSizeHint(column), table->sizeHintForColumn(column)});
        widest = std::max(widest, needed);
        all += needed;
    }
    const int room = m_table->width() - header->sectionSize(0);
    const bool fits = figures * widest <= room;
    for (int column = 1; column <= figures; ++column) {
        header->setSectionResizeMode(column,
                                     fits ? QHeaderView::Stretch : QHeaderView::ResizeToContents);
    }
    const int bar = !fits && all > room ? m_table->horizontalScrollBar()->sizeHint().height() : 0;
    m_table->setFixedHeight(header->sizeHint().height() + m_model.rowCount() * kRowHeight + bar +
                            4);
}

} // namespace poolscope
