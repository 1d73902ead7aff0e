// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lab/job_text.h"

#include "core/control/catalogue_view.h"
#include "ui/panels/param_field.h"

#include <QCoreApplication>
#include <QStringList>

namespace poolscope {

namespace {

constexpr qsizetype kLongestValue = 24;

QString tr(const char* text)
{
    return QCoreApplication::translate("poolscope::Lab", text);
}

} // namespace

QString executorTitle(const QString& kind)
{
    for (const ExecutorChoice& choice : executorChoices()) {
        if (choice.id == kind) {
            return choice.title;
        }
    }
    return kind;
}

QString jobText(const RunSettings& settings, bool hasExecutors)
{
    QStringList parts;
    for (const Workload* workload : workloadChoices()) {
        if (workload->id != settings.workload) {
            continue;
        }
        QStringList params;
        for (const ParamSpec& spec : workload->params) {
            const ParamValue* given = settings.params.find(spec.id);
            QString value =
                QString::fromStdString(toText(given != nullptr ? *given : spec.defaultValue))
                    .simplified();
            if (value.size() > kLongestValue) {
                value = value.left(kLongestValue - 1) + QChar(0x2026);
            }
            if (!value.isEmpty()) {
                params << QStringLiteral("%1 %2%3").arg(
                    workloadText(spec.label), value,
                    spec.unit.empty() ? QString()
                                      : QLatin1Char(' ') + QString::fromStdString(spec.unit));
            }
        }
        parts << workloadText(workload->title) << params.join(QStringLiteral(", "));
    }
    parts << tr("seed %1").arg(settings.seed);
    if (hasExecutors) {
        QStringList executors;
        for (const ExecutorSettings& executor : settings.executors) {
            executors << QStringLiteral("%1 (%2)")
                             .arg(executorTitle(QString::fromStdString(executor.kind)))
                             .arg(executor.workers);
        }
        parts << executors.join(QStringLiteral(", "));
    }
    parts.removeAll(QString());
    return parts.join(QStringLiteral(" · "));
}

} // namespace poolscope
