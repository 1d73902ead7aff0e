// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/details_panel.h"

#include "ui/common/format.h"
#include "ui/panels/line_icon.h"
#include "ui/panels/task_details.h"
#include "ui/timeline/lane_facts.h"
#include "ui/timeline/timeline_text.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QLocale>
#include <QPlainTextEdit>
#include <QTextBrowser>
#include <QTextDocument>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace poolscope {

namespace {

using timeline::fromStd;

constexpr std::size_t kMostResultBytes = std::size_t{4} << 20U; ///< more would block the window
constexpr std::size_t kMostTimesRun = 1'000;
constexpr int kSideWidth = 264;
constexpr int kLeastHeight = 24;

QWidget* makeBox(QLabel* title, QWidget* content, QWidget* parent)
{
    auto* box = new QWidget(parent);
    auto* layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    title->setObjectName(QStringLiteral("sectionTitle"));
    title->setBuddy(content);
    layout->addWidget(title);
    layout->addWidget(content, 1);
    return box;
}

} // namespace

DetailsPanel::DetailsPanel(ViewState& state, QWidget* parent)
    : QWidget(parent)
    , m_state(state)
    , m_search(state)
    , m_theme(Theme::light())
    , m_head(new QWidget(this))
    , m_title(new QLabel(m_head))
    , m_status(new QLabel(m_head))
    , m_zoom(new QToolButton(m_head))
    , m_empty(new QLabel(tr("Click a task in the timeline, or choose a row of the tasks: all that "
                            "is known of it appears here."),
                         this))
    , m_content(new QWidget(this))
    , m_facts(new QTextBrowser(m_content))
    , m_timesRun(new QListWidget(m_content))
    , m_resultTitle(new QLabel(m_content))
    , m_result(new QPlainTextEdit(m_content))
{
    setAccessibleName(tr("Details"));
    m_title->setObjectName(QStringLiteral("sectionTitle"));
    m_title->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_empty->setObjectName(QStringLiteral("dimLabel"));
    m_empty->setWordWrap(true);
    m_zoom->setAutoRaise(true);
    m_zoom->setFocusPolicy(Qt::TabFocus);
    m_zoom->setAccessibleName(tr("Zoom to the task"));
    m_zoom->setToolTip(tr("Zoom to the task"));
    m_facts->setAccessibleName(tr("Facts of the task"));
    m_facts->setFrameShape(QFrame::NoFrame);
    m_facts->setTabChangesFocus(true);
    m_facts->document()->setDocumentMargin(0);
    m_timesRun->setAccessibleName(tr("All times this task ran"));
    m_timesRun->setFrameShape(QFrame::NoFrame);
    m_timesRun->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_timesRun->setTextElideMode(Qt::ElideRight);
    m_result->setReadOnly(true);
    m_result->document()->setDocumentMargin(0);
    m_result->setFrameShape(QFrame::NoFrame);
    m_result->setTabChangesFocus(true);
    for (QWidget* part : {static_cast<QWidget*>(m_facts), static_cast<QWidget*>(m_timesRun),
                          static_cast<QWidget*>(m_result)}) {
        part->setMinimumHeight(kLeastHeight);
    }
    createLayout();
    connect(&state, &ViewState::selectedChanged, this, &DetailsPanel::onSelectedChanged);
    connect(&m_search, &SnapshotSearch::found, this, &DetailsPanel::onFound);
    connect(m_timesRun, &QListWidget::currentRowChanged, this, &DetailsPanel::onTimeRunChosen);
    connect(m_zoom, &QToolButton::clicked, this, &DetailsPanel::zoomToTask);
    onSelectedChanged();
}

void DetailsPanel::createLayout()
{
    auto* head = new QHBoxLayout(m_head);
    head->setContentsMargins(0, 0, 0, 0);
    head->setSpacing(8);
    head->addWidget(m_title);
    head->addWidget(m_status);
    head->addStretch();
    head->addWidget(m_zoom);
    m_timesRunBox = makeBox(new QLabel(tr("Times it ran"), m_content), m_timesRun, m_content);
    QWidget* resultBox = makeBox(m_resultTitle, m_result, m_content);
    resultBox->setFixedWidth(kSideWidth);
    m_timesRunBox->setFixedWidth(kSideWidth);
    auto* content = new QHBoxLayout(m_content);
    content->setContentsMargins(0, 0, 0, 0);
    content->setSpacing(12);
    auto* side = new QVBoxLayout;
    side->setSpacing(6);
    side->addWidget(m_timesRunBox, 2);
    side->addWidget(resultBox, 3);
    content->addWidget(m_facts, 1);
    content->addLayout(side);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 6, 6, 4);
    layout->addWidget(m_head);
    layout->addWidget(m_empty, 0, Qt::AlignTop);
    layout->addWidget(m_content, 1);
}

void DetailsPanel::setTheme(const Theme& theme)
{
    m_theme = theme;
    m_zoom->setIcon(lineIcon(QStringLiteral("zoom-in"), theme));
    onSelectedChanged();
}

void DetailsPanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    onSelectedChanged();
}

void DetailsPanel::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    m_search.setQuery(std::nullopt);
}

void DetailsPanel::onSelectedChanged()
{
    const auto selected = m_state.selected();
    const bool hasTask = selected.has_value() && m_state.snapshot() != nullptr;
    m_empty->setVisible(!hasTask);
    m_content->setVisible(hasTask);
    setFocusProxy(hasTask ? m_facts : nullptr); // hidden, it would hold up Tab
    for (QWidget* widget : {static_cast<QWidget*>(m_title), static_cast<QWidget*>(m_status),
                            static_cast<QWidget*>(m_zoom)}) {
        widget->setVisible(hasTask);
    }
    if (!hasTask || !isVisible()) {
        m_search.setQuery(std::nullopt);
        m_hits.reset();
        return;
    }
    showFacts(*selected);
    showResult(*selected);
    TaskQuery query;
    query.tasks = {findRecord(*m_state.snapshot(), *selected)->task};
    if (m_search.query() != query) {
        m_hits.reset();
        m_search.setQuery(query);
    }
    showTimesRun();
}

void DetailsPanel::showFacts(const RecordRef& ref)
{
    const Snapshot& snapshot = *m_state.snapshot();
    const TaskRecord& record = *findRecord(snapshot, ref);
    const QString name = shortTaskName(*snapshot.meta, record.task);
    m_title->setText(fontMetrics().elidedText(name, Qt::ElideMiddle, std::max(160, width() / 2)));
    const bool isFailure =
        record.state() != TaskState::Done && record.state() != TaskState::Cancelled;
    m_status->setText(stateName(record.state()));
    m_status->setObjectName(isFailure ? QStringLiteral("problemLabel")
                                      : QStringLiteral("dimLabel"));
    m_status->style()->unpolish(m_status);
    m_status->style()->polish(m_status);
    m_facts->setHtml(taskDetailsHtml(snapshot, ref, m_theme));
}

void DetailsPanel::showResult(const RecordRef& ref)
{
    const LaneView& lane = m_state.snapshot()->lanes[static_cast<std::size_t>(ref.lane)];
    const TaskResult result = lane.lane->result(ref.record);
    const bool isError = !result.error.empty();
    const std::string text = isError ? result.error : toText(result.value);
    QString title = isError ? tr("Error") : tr("Result");
    if (text.size() > kMostResultBytes) {
        title = tr("%1, the first %2 of %3")
                    .arg(title, QLocale().formattedDataSize(qint64{kMostResultBytes}),
                         QLocale().formattedDataSize(static_cast<qint64>(text.size())));
    }
    m_resultTitle->setText(title);
    m_result->setAccessibleName(title);
    m_result->setPlainText(
        text.empty() ? tr("none") : fromStd(std::string_view(text).substr(0, kMostResultBytes)));
}

void DetailsPanel::onFound(const std::shared_ptr<const TaskHits>& hits)
{
    m_hits = hits;
    showTimesRun();
}

void DetailsPanel::showTimesRun()
{
    m_isFilling = true;
    m_timesRun->clear();
    const std::size_t count = m_hits ? std::min(m_hits->size(), kMostTimesRun) : 0;
    const auto selected = m_hits && m_state.selected()
                              ? placeIn(*m_hits->snapshot, *m_state.snapshot(), *m_state.selected())
                              : std::nullopt;
    for (std::size_t i = 0; i < count; ++i) {
        const RecordRef ref = m_hits->records[i];
        auto* item = new QListWidgetItem(timeRunText(*m_hits->snapshot, ref), m_timesRun);
        item->setToolTip(item->text());
        if (selected == ref) {
            m_timesRun->setCurrentItem(item);
        }
    }
    m_timesRunBox->setVisible(count > 1);
    m_isFilling = false;
}

void DetailsPanel::onTimeRunChosen(int row)
{
    if (m_isFilling || row < 0 || !m_hits) {
        return;
    }
    const auto ref = placeIn(*m_state.snapshot(), *m_hits->snapshot,
                             m_hits->records[static_cast<std::size_t>(row)]);
    if (ref) {
        m_state.setSelected(ref);
        m_state.reveal(*ref);
    }
}

void DetailsPanel::zoomToTask()
{
    if (const auto selected = m_state.selected()) {
        m_state.zoomTo(*selected);
    }
}

} // namespace poolscope
