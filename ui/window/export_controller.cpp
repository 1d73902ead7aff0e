// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/export_controller.h"

#include "core/io/file_format.h"
#include "ui/figure/run_file_hash.h"
#include "ui/window/export_dialog.h"
#include "ui/window/settings_store.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>

#include <utility>

namespace poolscope {

namespace {

const auto kRunSuffix = QStringLiteral("pscope");

QString filterFor(const FileFormat& format)
{
    return QStringLiteral("%1 (*.%2)")
        .arg(QCoreApplication::translate("format", format.title), QLatin1String(format.suffix));
}

QString suffixOfFilter(const QString& filter)
{
    const qsizetype start = filter.lastIndexOf(QLatin1String("*.")) + 2;
    return filter.mid(start, filter.lastIndexOf(u')') - start);
}

std::string fileName(const QString& path)
{
    return QFile::encodeName(path).toStdString();
}

FileJob::Outcome outcomeOf(const Result<void>& result, const QString& path)
{
    if (!result) {
        return {false, QString::fromStdString(result.error().message), nullptr};
    }
    return {true, ExportController::tr("Written: %1").arg(QDir::toNativeSeparators(path)), nullptr};
}

} // namespace

ExportController::ExportController(const ViewState& state, SettingsStore& settings, QWidget& window)
    : m_state(state)
    , m_settings(settings)
    , m_window(window)
{
    connect(&m_job, &FileJob::finished, this, &ExportController::onFinished);
}

QString ExportController::suggestedName() const
{
    const TraceMeta& meta = *m_state.snapshot()->meta;
    const auto started = QDateTime::fromMSecsSinceEpoch(meta.startedUnixNs / kNanosPerMilli);
    return QStringLiteral("%1-%2").arg(QString::fromStdString(meta.workloadId),
                                       started.toString(QStringLiteral("yyyyMMdd-HHmmss")));
}

QFileDialog* ExportController::makeSaveDialog(const QString& title, const QStringList& filters,
                                              const QString& suffix)
{
    auto* dialog = new QFileDialog(&m_window, title, m_settings.lastFolder());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters(filters);
    dialog->setDefaultSuffix(suffix);
    dialog->selectFile(suggestedName() + u'.' + suffix);
    connect(dialog, &QFileDialog::filterSelected, dialog,
            [dialog](const QString& filter) { dialog->setDefaultSuffix(suffixOfFilter(filter)); });
    return dialog;
}

void ExportController::askOpenRun()
{
    auto* dialog = new QFileDialog(&m_window, tr("Open run"), m_settings.lastFolder());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({tr("Runs (*.%1)").arg(kRunSuffix), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this, &ExportController::openRun);
    dialog->open();
}

void ExportController::askSaveRun()
{
    QFileDialog* dialog =
        makeSaveDialog(tr("Save run"), {tr("Runs (*.%1)").arg(kRunSuffix)}, kRunSuffix);
    connect(dialog, &QFileDialog::fileSelected, this, &ExportController::writeData);
    dialog->open();
}

void ExportController::askExportData()
{
    QStringList filters;
    for (const FileFormat& format : fileFormats()) {
        if (QLatin1String(format.suffix) != kRunSuffix) { // that is Save run
            filters.append(filterFor(format));
        }
    }
    QFileDialog* dialog =
        makeSaveDialog(tr("Export data"), filters,
                       filters.isEmpty() ? kRunSuffix : suffixOfFilter(filters.first()));
    connect(dialog, &QFileDialog::fileSelected, this, &ExportController::writeData);
    dialog->open();
}

void ExportController::askExportPicture()
{
    auto* dialog = new ExportDialog(figureSource(), m_settings.figureLook(), &m_window);
    connect(dialog, &QDialog::accepted, this, [this, dialog] { askPicturePath(*dialog); });
    connect(dialog, &QDialog::finished, this,
            [this, dialog] { m_settings.setFigureLook(dialog->options()); });
    dialog->open();
}

FigureSource ExportController::figureSource() const
{
    const Snapshot& snapshot = *m_state.snapshot();
    std::vector<std::string> collapsed;
    for (std::size_t i = 0; i < snapshot.meta->executors.size(); ++i) {
        if (m_state.arrangement().isCollapsed(static_cast<int>(i))) {
            collapsed.push_back(snapshot.meta->executors[i].kind);
        }
    }
    return {m_state.snapshot(),          m_state.visible(),
            m_state.selection(),         m_visibleLanes ? m_visibleLanes() : std::vector<int>(),
            runFileHash(snapshot),       std::move(collapsed),
            m_state.arrangement().order, m_state.coloring().mode};
}

QString ExportController::runFileHash(const Snapshot& snapshot) const
{
    return snapshot.isLive ? QString()
                           : m_hashes.value(QString::fromStdString(snapshot.meta->runId));
}

void ExportController::askPicturePath(const ExportDialog& dialog)
{
    QStringList filters;
    for (const FigureFormat& format : figureFormats()) {
        filters.append(QStringLiteral("%1 (*.%2)")
                           .arg(QCoreApplication::translate("poolscope::Figure", format.title),
                                QLatin1String(format.suffix)));
    }
    QFileDialog* files =
        makeSaveDialog(tr("Export picture"), filters, suffixOfFilter(filters.first()));
    connect(files, &QFileDialog::fileSelected, this,
            [this, snapshot = dialog.snapshot(), options = dialog.options()](const QString& path) {
                writePicture(snapshot, options, path);
            });
    files->open();
}

bool ExportController::begin(const QString& path, const QString& activity)
{
    if (m_job.isBusy()) {
        emit failed(tr("“%1” is still being worked on; try again in a moment.").arg(m_path));
        return false;
    }
    m_path = path;
    m_settings.setLastFolder(QFileInfo(path).absolutePath());
    emit activityChanged(activity.arg(QFileInfo(path).fileName()));
    return true;
}

void ExportController::openRun(const QString& path)
{
    if (!begin(path, tr("Opening %1 …"))) {
        return;
    }
    m_job.start([path, name = fileName(path)]() -> FileJob::Outcome {
        auto run = readRunFile(name);
        if (!run) {
            return {false, QString::fromStdString(run.error().message), nullptr};
        }
        return {true, {}, std::move(run).value(), poolscope::runFileHash(path)};
    });
}

void ExportController::writeData(const QString& path)
{
    const QString suffix = QFileInfo(path).suffix();
    const FileFormat* format = findFileFormat(suffix.toStdString());
    if (format == nullptr) {
        QStringList known;
        for (const FileFormat& row : fileFormats()) {
            known.append(u'.' + QLatin1String(row.suffix));
        }
        emit failed(
            tr("“%1” cannot be written: the end of the name says the format, and it is none of %2.")
                .arg(path, known.join(QStringLiteral(", "))));
        return;
    }
    if (!begin(path, tr("Writing %1 …"))) {
        return;
    }
    const bool isRunFile = suffix.compare(kRunSuffix, Qt::CaseInsensitive) == 0;
    auto snapshot = std::make_shared<Snapshot>(*m_state.snapshot());
    snapshot->bookmarks = m_state.marks().bookmarks;
    m_savedRun =
        isRunFile && !snapshot->isLive ? QString::fromStdString(snapshot->meta->runId) : QString();
    m_job.start([snapshot = std::move(snapshot), format, path, isHashed = !m_savedRun.isEmpty()] {
        FileJob::Outcome outcome =
            outcomeOf(writeSnapshot(*snapshot, *format, fileName(path)), path);
        if (outcome.isOk && isHashed) {
            outcome.runFileHash = poolscope::runFileHash(path);
        }
        return outcome;
    });
}

void ExportController::writePicture(const SnapshotPtr& snapshot, const FigureOptions& options,
                                    const QString& path)
{
    if (findFigureFormat(path) == nullptr) {
        emit failed(
            tr("“%1” cannot be written: the name of a picture ends with .png, .svg or .pdf.")
                .arg(path));
        return;
    }
    if (begin(path, tr("Writing %1 …"))) {
        m_job.start([snapshot, options, path] {
            return outcomeOf(writeFigure(*snapshot, options, path), path);
        });
    }
}

void ExportController::onFinished(const FileJob::Outcome& outcome)
{
    emit activityChanged({});
    if (!outcome.isOk) {
        emit failed(outcome.message);
    } else if (outcome.opened) {
        m_hashes.insert(QString::fromStdString(outcome.opened->meta->runId), outcome.runFileHash);
        emit opened(outcome.opened, m_path);
    } else {
        if (!outcome.runFileHash.isEmpty()) {
            m_hashes.insert(m_savedRun, outcome.runFileHash);
        }
        emit succeeded(outcome.message);
    }
}

} // namespace poolscope
