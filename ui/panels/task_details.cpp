// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/task_details.h"

#include "ui/common/format.h"
#include "ui/timeline/lane_facts.h"
#include "ui/timeline/task_facts.h"
#include "ui/timeline/timeline_text.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <utility>

namespace poolscope {

namespace {

using timeline::fromStd;

struct DetailsText
{
    Q_DECLARE_TR_FUNCTIONS(poolscope::TaskDetails)
};

constexpr double kNanosecond = 1; ///< how exact moments are
constexpr qsizetype kLongestValue = 400;

QString tr(const char* text)
{
    return DetailsText::tr(text);
}

QString escaped(const QString& text)
{
    QString html = text.left(kLongestValue).toHtmlEscaped();
    html.replace(u'\n', QStringLiteral("<br>"));
    return text.size() > kLongestValue ? html + QStringLiteral(" …") : html;
}

/// A table of lines whose first cell is dim.
class HtmlTable
{
public:
    HtmlTable(const Theme& theme, const QString& title)
        : m_dim(theme.dimText.name())
        , m_html(QStringLiteral("<b>%1</b><table cellspacing='0' cellpadding='0'>")
                     .arg(title.toHtmlEscaped()))
    {}

    void add(const QStringList& cells)
    {
        m_html += QStringLiteral("<tr>");
        for (qsizetype i = 0; i < cells.size(); ++i) {
            const QString colour = i == 1 ? QString() : QStringLiteral("color: %1;").arg(m_dim);
            m_html += QStringLiteral("<td style='%1 padding-right: 10px'>%2</td>")
                          .arg(colour, escaped(cells[i]));
        }
        m_html += QStringLiteral("</tr>");
    }
    [[nodiscard]] QString html() const { return m_html + QStringLiteral("</table>"); }

private:
    QString m_dim;
    QString m_html;
};

QString jobHtml(const Snapshot& snapshot, const TaskRecord& record, const Theme& theme)
{
    const TraceMeta& meta = *snapshot.meta;
    HtmlTable table(theme, tr("Job"));
    table.add({tr("Id"), QString::number(record.task)});
    if (const std::string_view item = meta.plan->item(record.task); !item.empty()) {
        table.add({tr("Item"), fromStd(item)});
    }
    table.add({tr("Workload"), fromStd(meta.workloadId)});
    for (const auto& [id, value] : meta.params.values()) {
        table.add({fromStd(id), fromStd(toText(value))});
    }
    table.add({tr("Seed"), QString::number(meta.seed)});
    return table.html();
}

} // namespace

std::vector<TaskMoment> taskMoments(const Snapshot& snapshot, const RecordRef& ref)
{
    const TaskRecord& record = *findRecord(snapshot, ref);
    const LaneKind kind = snapshot.lanes[static_cast<std::size_t>(ref.lane)].info().kind;
    std::vector<TaskMoment> moments;
    Nanos lastNs = record.submitNs;
    const auto add = [&](const QString& what, Nanos timeNs, const QString& since) {
        const QString duration = formatDuration(std::max<Nanos>(0, timeNs - lastNs));
        moments.push_back({what, timeText(timeNs, kNanosecond),
                           since.isEmpty() ? QString() : since.arg(duration)});
        lastNs = timeNs;
    };
    add(tr("Submitted"), record.submitNs, {});
    if (kind == LaneKind::Queue) {
        add(tr("Ended"), record.endNs, tr("%1 in the queue, never begun"));
        return moments;
    }
    if (kind == LaneKind::Process) {
        add(tr("Sent"), record.startNs - static_cast<Nanos>(record.sentLeadNs),
            tr("%1 in the queue"));
        add(tr("Started"), record.startNs, tr("%1 to the worker"));
    } else {
        add(tr("Started"), record.startNs, tr("%1 in the queue"));
    }
    add(tr("Ended"), record.endNs, tr("%1 running"));
    const bool isLost = record.wasRetried() || record.state() == TaskState::Lost;
    if (kind == LaneKind::Process && !isLost) {
        add(tr("Returned"), record.endNs + static_cast<Nanos>(record.returnLagNs),
            tr("%1 on the way back"));
    }
    const Nanos totalNs = std::max<Nanos>(0, lastNs - record.submitNs);
    moments.push_back({tr("In all"), formatDuration(totalNs), {}});
    return moments;
}

QString taskDetailsHtml(const Snapshot& snapshot, const RecordRef& ref, const Theme& theme)
{
    const TaskRecord& record = *findRecord(snapshot, ref);
    HtmlTable times(theme, tr("Times"));
    for (const TaskMoment& moment : taskMoments(snapshot, ref)) {
        times.add({moment.what, moment.when, moment.since});
    }
    const TaskFacts facts = placeFacts(snapshot, ref);
    const LaneInfo& lane = snapshot.lanes[static_cast<std::size_t>(ref.lane)].info();
    HtmlTable place(theme, tr("Worker and costs"));
    place.add({tr("Executor"), groupTitle(snapshot, lane.executor)});
    const LaneLife* life =
        snapshot.lanes[static_cast<std::size_t>(ref.lane)].lifeAt(record.startNs);
    if (life != nullptr) {
        place.add({tr("Pid, tid"), tr("%1, %2").arg(life->processId).arg(life->threadId)});
    }
    for (const auto& [what, howMuch] : facts.lines) {
        place.add({what, howMuch});
    }
    place.add({tr("Attempt"), record.wasRetried() ? tr("%1, tried again").arg(record.attempt)
                                                  : QString::number(record.attempt)});
    for (const TaskFacts::Cost& cost : facts.costs) {
        place.add({costPartName(cost.part), cost.text});
    }
    return QStringLiteral("<table width='100%' cellspacing='0' cellpadding='0'><tr>"
                          "<td width='56%' style='padding-right: 18px'>%1%2</td>"
                          "<td width='44%'>%3</td></tr></table>")
        .arg(times.html(), jobHtml(snapshot, record, theme), place.html());
}

QString timeRunText(const Snapshot& snapshot, const RecordRef& ref)
{
    const TaskRecord& record = *findRecord(snapshot, ref);
    const LaneInfo& lane = snapshot.lanes[static_cast<std::size_t>(ref.lane)].info();
    const QString executor = groupTitle(snapshot, lane.executor);
    const QString state = stateName(record.state()).toLower();
    if (lane.kind == LaneKind::Queue) {
        return tr("%1: %2, never begun").arg(executor, state);
    }
    return tr("%1, attempt %2: %3, %4")
        .arg(executor)
        .arg(record.attempt)
        .arg(state, formatDuration(record.runNs()));
}

} // namespace poolscope
