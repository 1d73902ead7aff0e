// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/extras_note.h"

#include "core/control/catalogue_view.h"
#include "ui/common/format.h"

#include <QCoreApplication>
#include <QLabel>
#include <QPushButton>
#include <QStringList>
#include <QVBoxLayout>

namespace poolscope {

namespace {

QString initializerText(const std::string& id)
{
    QString title = QString::fromStdString(id);
    for (const Workload* workload : workloadChoices()) {
        if (workload->id == id) {
            title = QCoreApplication::translate("workload", workload->title.c_str());
        }
    }
    return ExtrasNote::tr("each worker begins with “%1”").arg(title);
}

} // namespace

QString extrasText(const RunSettings& settings)
{
    QStringList parts;
    if (settings.hasInterpreterLock) {
        parts << ExtrasNote::tr("threads share one interpreter lock");
    }
    if (!settings.initializer.empty()) {
        parts << initializerText(settings.initializer);
    }
    if (settings.isLazy) {
        parts << ExtrasNote::tr("workers start when they are needed");
    }
    if (settings.keepAliveNs > 0) {
        parts << ExtrasNote::tr("idle workers leave after %1")
                     .arg(formatDuration(settings.keepAliveNs));
    }
    if (settings.taskTimeoutNs > 0) {
        parts << ExtrasNote::tr("tasks end after %1").arg(formatDuration(settings.taskTimeoutNs));
    }
    if (settings.queueLimit > 0) {
        parts << ExtrasNote::tr("at most %1 tasks wait").arg(settings.queueLimit);
    }
    if (settings.prefetch != RunSettings().prefetch) {
        parts << ExtrasNote::tr("%1 chunks in advance").arg(settings.prefetch);
    }
    if (settings.submitGapNs > 0) {
        parts << ExtrasNote::tr("a task every %1").arg(formatDuration(settings.submitGapNs));
    }
    if (settings.cancelAtNs > 0) {
        parts << ExtrasNote::tr("cancelled after %1").arg(formatDuration(settings.cancelAtNs));
    }
    if (!settings.resizes.empty()) {
        parts << ExtrasNote::tr("%n timed change(s) of size", nullptr,
                                static_cast<int>(settings.resizes.size()));
    }
    return parts.join(QStringLiteral("; "));
}

RunSettings withoutExtras(RunSettings settings)
{
    const RunSettings usual;
    settings.hasInterpreterLock = usual.hasInterpreterLock;
    settings.initializer = usual.initializer;
    settings.isLazy = usual.isLazy;
    settings.keepAliveNs = usual.keepAliveNs;
    settings.taskTimeoutNs = usual.taskTimeoutNs;
    settings.queueLimit = usual.queueLimit;
    settings.prefetch = usual.prefetch;
    settings.submitGapNs = usual.submitGapNs;
    settings.cancelAtNs = usual.cancelAtNs;
    settings.resizes = usual.resizes;
    return settings;
}

ExtrasNote::ExtrasNote(QWidget* parent)
    : QWidget(parent)
    , m_text(new QLabel(this))
{
    m_text->setWordWrap(true);
    m_text->setAccessibleName(tr("Also in the next run"));
    auto* clear = new QPushButton(tr("Leave that"), this);
    clear->setToolTip(tr("Run without what is named here"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_text);
    layout->addWidget(clear, 0, Qt::AlignLeft);
    connect(clear, &QPushButton::clicked, this, &ExtrasNote::clearRequested);
    hide();
}

void ExtrasNote::showSettings(const RunSettings& settings)
{
    const QString text = extrasText(settings);
    m_text->setText(tr("Also: %1.").arg(text));
    setVisible(!text.isEmpty());
}

} // namespace poolscope
