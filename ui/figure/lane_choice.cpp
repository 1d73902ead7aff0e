// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figure/lane_choice.h"

#include "ui/figure/figure_words.h"

#include <QRegularExpression>
#include <QStringList>

#include <algorithm>

namespace poolscope {

namespace {

using figure::fromStd;
using figure::tr;

const std::string& kindOf(const Snapshot& snapshot, const LaneView& lane)
{
    return snapshot.meta->executors[static_cast<std::size_t>(lane.info().executor)].kind;
}

Error notUnderstood(const QString& part)
{
    return Error{tr("“%1” names no lanes: give an executor and its workers, as in "
                    "threads:0-3,processes:1, or an executor alone.")
                     .arg(part)
                     .toStdString()};
}

} // namespace

bool LaneChoice::contains(const Snapshot& snapshot, const LaneView& lane) const
{
    if (isAll()) {
        return true;
    }
    const LaneInfo& info = lane.info();
    return std::ranges::any_of(spans, [&](const LaneSpan& span) {
        return span.executor == kindOf(snapshot, lane) &&
               (span.first < 0 || (info.kind != LaneKind::Queue && info.index >= span.first &&
                                   info.index <= span.last));
    });
}

Result<LaneChoice> parseLaneChoice(const QString& text)
{
    LaneChoice choice;
    if (text.trimmed().isEmpty() || text.trimmed() == QLatin1String("all")) {
        return choice;
    }
    static const QRegularExpression kPart(QStringLiteral(
        R"(^\s*(?:([a-z_]+)\s*(?::|$))?\s*(?:(\d{1,6})(?:\s*-\s*(\d{1,6}))?)?\s*$)"));
    std::string executor;
    const QStringList parts = text.split(u',');
    for (const QString& part : parts) {
        const QRegularExpressionMatch match = kPart.match(part);
        const QString name = match.captured(1);
        const QString first = match.captured(2);
        if (!match.hasMatch() || (name.isEmpty() && (first.isEmpty() || executor.empty())) ||
            (first.isEmpty() && part.contains(u':'))) {
            return notUnderstood(part.trimmed());
        }
        if (!name.isEmpty()) {
            executor = name.toStdString();
        }
        LaneSpan span{executor};
        if (!first.isEmpty()) {
            span.first = first.toInt();
            span.last = match.captured(3).isEmpty() ? span.first : match.captured(3).toInt();
            if (span.last < span.first) {
                return notUnderstood(part.trimmed());
            }
        }
        choice.spans.push_back(std::move(span));
    }
    return choice;
}

QString toText(const LaneChoice& choice)
{
    if (choice.isAll()) {
        return QStringLiteral("all");
    }
    QStringList parts;
    const std::string* executor = nullptr;
    for (const LaneSpan& span : choice.spans) {
        QString part;
        if (span.first < 0 || executor == nullptr || *executor != span.executor) {
            part = fromStd(span.executor) + (span.first < 0 ? QString() : QStringLiteral(":"));
        }
        executor = &span.executor;
        if (span.first >= 0) {
            part += QString::number(span.first);
        }
        if (span.last > span.first) {
            part += u'-' + QString::number(span.last);
        }
        parts += part;
    }
    return parts.join(u',');
}

LaneChoice laneChoiceOf(const Snapshot& snapshot, const std::vector<int>& lanes)
{
    LaneChoice choice;
    const auto isChosen = [&lanes](std::size_t lane) {
        return std::ranges::binary_search(lanes, static_cast<int>(lane));
    };
    for (std::size_t executor = 0; executor < snapshot.meta->executors.size(); ++executor) {
        const std::string& kind = snapshot.meta->executors[executor].kind;
        std::size_t all = 0;
        std::vector<LaneSpan> spans;
        std::size_t chosen = 0;
        for (std::size_t i = 0; i < snapshot.lanes.size(); ++i) {
            const LaneInfo& info = snapshot.lanes[i].info();
            if (static_cast<std::size_t>(info.executor) != executor) {
                continue;
            }
            ++all;
            if (!isChosen(i)) {
                continue;
            }
            ++chosen;
            if (info.kind == LaneKind::Queue) {
                continue; // only all of an executor has it
            }
            if (!spans.empty() && spans.back().last == info.index - 1) {
                spans.back().last = info.index;
            } else {
                spans.push_back({kind, info.index, info.index});
            }
        }
        if (chosen == all) {
            spans = {LaneSpan{kind}};
        }
        choice.spans.insert(choice.spans.end(), spans.begin(), spans.end());
    }
    if (lanes.size() == snapshot.lanes.size()) {
        choice.spans.clear();
    }
    return choice;
}

Result<void> checkLanes(const LaneChoice& choice, const Snapshot& snapshot)
{
    for (const LaneSpan& span : choice.spans) {
        int most = -1;
        QStringList kinds;
        bool isThere = span.first < 0;
        for (const ExecutorMeta& executor : snapshot.meta->executors) {
            kinds += fromStd(executor.kind);
        }
        for (const LaneView& lane : snapshot.lanes) {
            if (kindOf(snapshot, lane) == span.executor && lane.info().kind != LaneKind::Queue) {
                most = std::max(most, lane.info().index);
                isThere =
                    isThere || (lane.info().index >= span.first && lane.info().index <= span.last);
            }
        }
        if (!kinds.contains(fromStd(span.executor))) {
            return Error{tr("The run has no lanes of “%1”; it has %2.")
                             .arg(fromStd(span.executor), kinds.join(QStringLiteral(", ")))
                             .toStdString()};
        }
        if (!isThere) {
            return Error{tr("The run has no worker %1:%2; its last one is %3.")
                             .arg(fromStd(span.executor))
                             .arg(span.first)
                             .arg(most)
                             .toStdString()};
        }
    }
    return {};
}

Snapshot withLanes(const Snapshot& snapshot, const LaneChoice& choice)
{
    Snapshot chosen = snapshot;
    std::erase_if(chosen.lanes,
                  [&](const LaneView& lane) { return !choice.contains(snapshot, lane); });
    return chosen;
}

} // namespace poolscope
