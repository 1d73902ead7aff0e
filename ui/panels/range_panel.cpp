// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/range_panel.h"

#include "core/analysis/task_query.h"
#include "ui/common/format.h"
#include "ui/common/recording_text.h"
#include "ui/panels/histogram_view.h"
#include "ui/panels/line_icon.h"
#include "ui/panels/range_job.h"
#include "ui/panels/range_tables.h"

#include <QAction>
#include <QClipboard>
#include <QFontMetrics>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QScrollArea>
#include <QStyle>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <utility>

namespace poolscope {

namespace {

constexpr int kTimePadding = 16; ///< beside the text of a field
constexpr int kFiguresWidth = 500; ///< below that one scrolls
constexpr int kLanesWidth = 186;
constexpr int kHistogramWidth = 190;

/// \return what is typed; nothing when it is no time. People may write the point of their language.
std::optional<Nanos> typedTime(QString text)
{
    text.replace(QLocale().decimalPoint(), QStringLiteral("."));
    return parseDuration(text.toStdString());
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
    , m_job(new RangeJob(state, this))
    , m_head(new QWidget(this))
    , m_from(makeTimeEdit(tr("Range from")))
    , m_to(makeTimeEdit(tr("Range to")))
    , m_scope(new QLabel(m_head))
    , m_clear(new QToolButton(m_head))
    , m_copy(new QToolButton(m_head))
    , m_empty(new QLabel(tr("Figures over any range of time appear here: press Run, then "
                            "Shift+drag over the timeline or type from and to."),
                         this))
    , m_scroll(new QScrollArea(this))
    , m_content(new QWidget(this))
    , m_figures(new FigureTable(m_content))
    , m_lanes(new LaneTable(m_content))
    , m_runs(new HistogramView(tr("Run time"), m_content))
    , m_waits(new HistogramView(tr("Queue wait"), m_content))
{
    setAccessibleName(tr("Range"));
    m_empty->setObjectName(QStringLiteral("dimLabel"));
    m_empty->setWordWrap(true);
    createHead();
    createLayout();
    connect(m_job, &RangeJob::asked, this, &RangePanel::updateHead);
    connect(m_job, &RangeJob::ready, this, &RangePanel::showFigures);
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
    edit->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(edit, &QLineEdit::returnPressed, this, &RangePanel::onTyped);
    connect(edit, &QLineEdit::editingFinished, this, [this, edit] {
        if (edit->isModified()) {
            onTyped();
        }
    });
    return edit;
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
    head->addWidget(m_from);
    head->addWidget(to);
    head->addWidget(m_to);
    head->addWidget(m_clear);
    head->addWidget(m_scope, 1);
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
    m_figures->setMinimumWidth(kFiguresWidth);
    content->addWidget(m_figures, 1);
    content->addLayout(histograms);
    content->addWidget(m_lanes);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 2, 6, 4);
    layout->addWidget(m_head);
    layout->addWidget(m_empty, 0, Qt::AlignTop);
    m_scroll->setWidget(m_content);
    m_scroll->setWidgetResizable(true);
    m_content->setAutoFillBackground(false); // it is on the card
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    layout->addWidget(m_scroll, 1);
}

void RangePanel::setTheme(const Theme& theme)
{
    m_theme = theme;
    m_clear->setIcon(lineIcon(QStringLiteral("close"), theme));
    m_copy->setIcon(lineIcon(QStringLiteral("copy"), theme));
    m_runs->setTheme(theme);
    m_waits->setTheme(theme);
    m_job->repeat(); // the figures carry colours
}

QString RangePanel::problemText() const
{
    return m_problem;
}

void RangePanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_job->onShown();
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

void RangePanel::onSelectionChanged()
{
    m_problem.clear();
    m_from->setModified(false);
    m_to->setModified(false);
    updateHead();
}

void RangePanel::showFigures(const SnapshotPtr& snapshot, const std::vector<RangeFigures>& figures)
{
    m_figures->setFigures(*snapshot, figures, m_theme);
    m_lanes->setFigures(*snapshot, figures, m_theme);
    showHistograms(snapshot, figures);
    updateHead();
}

void RangePanel::showHistograms(const SnapshotPtr& snapshot,
                                const std::vector<RangeFigures>& figures)
{
    std::vector<HistogramView::Series> runs;
    std::vector<HistogramView::Series> waits;
    for (std::size_t i = 0; i < figures.size(); ++i) {
        const QString name = QString::fromStdString(snapshot->meta->executors[i].title);
        runs.push_back({name, executorColour(m_theme, i), figures[i].runs});
        waits.push_back({name, executorColour(m_theme, i), figures[i].waits});
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
    for (QLineEdit* edit : {m_from, m_to}) { // a time that has lost its first digits is another one
        const QFontMetrics metrics(edit->font());
        edit->setFixedWidth(std::max({metrics.horizontalAdvance(edit->text()),
                                      metrics.horizontalAdvance(edit->placeholderText()),
                                      metrics.horizontalAdvance(QStringLiteral("000.000 ms"))}) +
                            kTimePadding);
    }
    QString scope;
    if (!m_problem.isEmpty()) {
        scope = m_problem;
    } else if (selection) {
        scope = tr("%1 selected").arg(formatDuration(selection->duration()));
    } else if (snapshot) {
        scope = snapshot->isLive ? tr("Run so far") : tr("Whole run");
    }
    const QString gone = snapshot && m_problem.isEmpty() ? goneBrief(*snapshot) : QString();
    m_scope->setText(gone.isEmpty() ? scope : scope + QStringLiteral(" · ") + gone);
    m_scope->setToolTip(gone.isEmpty() ? m_problem : goneSentence(*snapshot));
    m_scope->setObjectName(m_problem.isEmpty() ? QStringLiteral("dimLabel")
                                               : QStringLiteral("problemLabel"));
    m_scope->style()->unpolish(m_scope);
    m_scope->style()->polish(m_scope);
    m_clear->setVisible(selection.has_value());
    m_from->setEnabled(snapshot != nullptr);
    setFocusProxy(snapshot ? m_from : nullptr); // disabled, it would hold up Tab
    m_to->setEnabled(snapshot != nullptr);
    m_copy->setVisible(snapshot != nullptr);
    m_empty->setVisible(!snapshot);
    m_scroll->setVisible(snapshot != nullptr);
}

void RangePanel::copyFigures() const
{
    QGuiApplication::clipboard()->setText(m_figures->asText());
}

} // namespace poolscope
