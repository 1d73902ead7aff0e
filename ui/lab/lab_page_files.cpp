// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// LabPage's files: what was measured, written.

#include "core/control/experiment_json.h"
#include "ui/figure/figure.h"
#include "ui/lab/job_text.h"
#include "ui/lab/lab_page.h"
#include "ui/lab/lab_picture.h"

#include <QFileDialog>
#include <QFileInfo>

#include <array>

namespace poolscope {

void LabPage::askFile(const QString& title, const QStringList& filters,
                      void (LabPage::*write)(const QString&))
{
    auto* dialog = new QFileDialog(this, title);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters(filters);
    const auto suffixOf = [](const QString& filter) {
        return filter.section(QStringLiteral("*."), 1).section(QLatin1Char(')'), 0, 0);
    };
    dialog->setDefaultSuffix(suffixOf(filters.first()));
    constexpr std::array kNames{"duel", "workers", "chunks"};
    dialog->selectFile(QLatin1String(kNames[static_cast<std::size_t>(m_kind)]));
    connect(
        dialog, &QFileDialog::filterSelected, dialog,
        [dialog, suffixOf](const QString& filter) { dialog->setDefaultSuffix(suffixOf(filter)); });
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, write](const QString& path) { (this->*write)(path); });
    dialog->open();
}

void LabPage::writeData(const QString& path)
{
    const QString suffix = QFileInfo(path).suffix().toLower();
    if (suffix != QLatin1String("csv") && suffix != QLatin1String("json")) {
        emit told(true, tr("Cannot write %1: the end of its name says the format; give .csv or "
                           ".json.")
                            .arg(path));
        return;
    }
    const auto written =
        writeBytes(suffix == QLatin1String("csv") ? experimentCsv(m_plan, m_runs)
                                                  : experimentJson(m_kind, m_plan, m_runs),
                   path);
    emit told(!written, written ? tr("Wrote %1.").arg(path)
                                : QString::fromStdString(written.error().message));
}

void LabPage::writePicture(const QString& path)
{
    const auto written = m_picture->write(path, jobText(m_plan.arms.front(), false));
    emit told(!written, written ? tr("Wrote %1.").arg(path)
                                : QString::fromStdString(written.error().message));
}

} // namespace poolscope
