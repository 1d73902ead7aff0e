// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/command_line_text.h"
#include "app/commands.h"
#include "core/control/catalogue_view.h"
#include "core/io/file_format.h"
#include "ui/figure/figure.h"

#include <QCoreApplication>
#include <QTextStream>

#include <cstdio>

namespace poolscope {

namespace {

QString bounds(const ParamSpec& spec)
{
    switch (spec.kind) {
    case ParamKind::Integer:
    case ParamKind::Real:
        return CommandLine::tr("%1 to %2")
            .arg(spec.minimum, 0, 'g', 12)
            .arg(spec.maximum, 0, 'g', 12);
    case ParamKind::Choice: {
        QStringList ids;
        for (const ParamChoice& choice : spec.choices) {
            ids << QString::fromStdString(choice.id);
        }
        return ids.join(QStringLiteral(", "));
    }
    case ParamKind::Text:
        return CommandLine::tr("text");
    case ParamKind::Lines:
        return CommandLine::tr("text of several lines");
    case ParamKind::Paths:
        return CommandLine::tr("paths, one a line");
    }
    return {};
}

void listWorkloads(QTextStream& out)
{
    out << CommandLine::tr("Workloads (--workload) and their parameters (--param name=value)")
        << '\n';
    for (const Workload* workload : workloadChoices()) {
        const std::string& what = workload->summary.empty() ? workload->title : workload->summary;
        out << "\n  " << QString::fromStdString(workload->id) << "  "
            << QCoreApplication::translate("workload", what.c_str()) << '\n';
        if (!workload->library.empty()) {
            out << "    "
                << CommandLine::tr("(from %1)").arg(QString::fromStdString(workload->library))
                << '\n';
        }
        for (const ParamSpec& spec : workload->params) {
            const QString unit = spec.unit.empty()
                                     ? QString()
                                     : QLatin1Char(' ') + QString::fromStdString(spec.unit);
            out << "    " << QString::fromStdString(spec.id).leftJustified(16)
                << QCoreApplication::translate("workload", spec.help.c_str()) << " ["
                << QString::fromStdString(toText(spec.defaultValue)) << unit << "; " << bounds(spec)
                << "]\n";
        }
    }
}

} // namespace

int listCommand(int& argc, char** argv, const QStringList& words)
{
    const QCoreApplication application(argc, argv);
    if (!words.isEmpty()) {
        return reportError(CommandLine::tr("list takes no further words; '%1' is not understood.")
                               .arg(words.first()),
                           WrongUsage);
    }
    QTextStream out(stdout);
    listWorkloads(out);
    out << '\n' << CommandLine::tr("Executors (--executor)") << "\n\n";
    for (const ExecutorChoice& choice : executorChoices()) {
        out << "  " << choice.id.leftJustified(18) << choice.summary << '\n';
    }
    out << '\n' << CommandLine::tr("Formats (--export, by suffix)") << "\n\n";
    for (const FigureFormat& format : figureFormats()) {
        out << "  " << (QLatin1Char('.') + QString::fromUtf8(format.suffix)).leftJustified(12)
            << CommandLine::tr("The timeline as a picture: %1")
                   .arg(QCoreApplication::translate("poolscope::Figure", format.title))
            << '\n';
    }
    for (const FileFormat& format : fileFormats()) {
        out << "  " << (QLatin1Char('.') + QString::fromUtf8(format.suffix)).leftJustified(12)
            << QCoreApplication::translate("format", format.title) << '\n';
    }
    return AllDone;
}

} // namespace poolscope
