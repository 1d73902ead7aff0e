// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/function_loader.h"

#include "core/control/functions.h"
#include "ui/window/settings_store.h"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>

namespace poolscope {

FunctionLoader::FunctionLoader(SettingsStore& settings, QWidget& window)
    : m_settings(settings)
    , m_window(window)
{
    connect(&m_job, &FileJob::finished, this, &FunctionLoader::onTried);
}

void FunctionLoader::ask()
{
    auto* dialog = new QFileDialog(&m_window, tr("Add functions"), m_settings.lastFolder());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({tr("Shared libraries (*.so)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this, &FunctionLoader::add);
    dialog->open();
}

void FunctionLoader::add(const QString& file)
{
    if (m_job.isBusy()) {
        emit failed(tr("“%1” is still being tried; add the next library in a moment.").arg(m_file));
        return;
    }
    m_file = QFileInfo(file).absoluteFilePath();
    m_settings.setLastFolder(QFileInfo(m_file).absolutePath());
    m_job.start([file = m_file]() -> FileJob::Outcome {
        const Result<void> tried = tryFunctions(file);
        return {tried.isOk(), tried ? QString() : QString::fromStdString(tried.error().message),
                nullptr};
    });
}

void FunctionLoader::onTried(const FileJob::Outcome& outcome)
{
    if (!outcome.isOk) {
        emit failed(outcome.message);
        return;
    }
    if (const QStringList refusals = addFunctions({m_file}); !refusals.isEmpty()) {
        emit failed(refusals.first());
        return;
    }
    QStringList files = m_settings.functionFiles();
    if (!files.contains(m_file)) {
        m_settings.setFunctionFiles(files << m_file);
    }
    emit added(firstFunctionOf(m_file),
               tr("The functions of “%1” are in the list of workloads, now "
                  "and at the next start.")
                   .arg(QDir::toNativeSeparators(m_file)));
}

void FunctionLoader::forget(const QString& file)
{
    QStringList files = m_settings.functionFiles();
    files.removeAll(file);
    m_settings.setFunctionFiles(files);
    emit forgotten(tr("The functions of “%1” will not be there any more at the next start.")
                       .arg(QDir::toNativeSeparators(file)));
}

void FunctionLoader::setForgetMenu(QMenu* menu)
{
    connect(menu, &QMenu::aboutToShow, this, [this, menu] {
        menu->clear();
        for (const QString& file : m_settings.functionFiles()) {
            menu->addAction(QDir::toNativeSeparators(file), this, [this, file] { forget(file); });
        }
        if (menu->isEmpty()) {
            menu->addAction(tr("No library was added"))->setEnabled(false);
        }
    });
}

} // namespace poolscope
