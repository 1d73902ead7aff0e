// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/help_dialogs.h"

#include "poolscope_version.h"
#include "ui/panels/line_icon.h"
#include "ui/window/window_actions.h"

#include <QAction>
#include <QCoreApplication>
#include <QDialog>
#include <QDialogButtonBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>
#include <vector>

namespace poolscope {

namespace {

struct HelpText
{
    Q_DECLARE_TR_FUNCTIONS(poolscope::HelpDialogs)
};

using KeyRows = std::vector<std::pair<QString, QString>>;

/// Adds all actions that have a key, from \p first to before \p last, in the order in which they were made.
void addRows(KeyRows& rows, const WindowActions& actions, const QAction* first, const QAction* last)
{
    const auto all = actions.findChildren<QAction*>(Qt::FindDirectChildrenOnly);
    const auto end = std::ranges::find(all, last);
    for (auto each = std::ranges::find(all, first); each != end; ++each) {
        // A key that is no shortcut stands behind the text.
        const QString text = (*each)->text();
        QString name = text.section(u'\t', 0, 0);
        name.remove(u'&').remove(QStringLiteral("…"));
        const QString keys = (*each)->shortcut().isEmpty()
                                 ? text.section(u'\t', 1)
                                 : (*each)->shortcut().toString(QKeySequence::NativeText);
        if (!keys.isEmpty()) {
            rows.emplace_back(keys, name);
        }
    }
}

KeyRows runRows(const WindowActions& actions)
{
    KeyRows rows;
    addRows(rows, actions, actions.openRun, actions.undo);
    addRows(rows, actions, actions.keys, nullptr);
    return rows;
}

KeyRows viewRows(const WindowActions& actions)
{
    KeyRows rows;
    addRows(rows, actions, actions.undo, actions.keys);
    return rows;
}

KeyRows timelineRows()
{
    return {
        {HelpText::tr("Wheel"), HelpText::tr("Zoom at the mouse")},
        {HelpText::tr("Shift+Wheel"), HelpText::tr("Move in time")},
        {HelpText::tr("Ctrl+Wheel"), HelpText::tr("Scroll the lanes")},
        {HelpText::tr("Drag"), HelpText::tr("Move in time")},
        {HelpText::tr("Shift+Drag"), HelpText::tr("Select a range")},
        {HelpText::tr("A D ← →"), HelpText::tr("Move in time")},
        {HelpText::tr("W S + −"), HelpText::tr("Zoom in, out")},
        {HelpText::tr("F"), HelpText::tr("Show the whole run")},
        {HelpText::tr("Home End"), HelpText::tr("To the start, to the end")},
        {HelpText::tr("Esc"), HelpText::tr("Clear range, then task")},
    };
}

KeyRows taskRows()
{
    return {
        {HelpText::tr("Click"), HelpText::tr("Select a task")},
        {HelpText::tr(", ."), HelpText::tr("Task before, after")},
        {HelpText::tr("[ ]"), HelpText::tr("Lane above, below")},
        {HelpText::tr("Enter"), HelpText::tr("Zoom to the task")},
        {HelpText::tr("Double click"), HelpText::tr("Zoom to a task")},
        {HelpText::tr("M"), HelpText::tr("Bookmark at the mouse")},
        {HelpText::tr("N, Shift+N"), HelpText::tr("Next, last bookmark")},
        {HelpText::tr("F2, Delete"), HelpText::tr("Change, remove bookmark")},
        {HelpText::tr("1 2 0"), HelpText::tr("Set moment A, B; forget both")},
        {HelpText::tr("C"), HelpText::tr("Collapse an executor's lanes")},
        {HelpText::tr("Shift+↑ ↓"), HelpText::tr("Taller, lower lanes")},
    };
}

QWidget* makeTable(const QString& title, const KeyRows& rows, QWidget* parent)
{
    auto* table = new QWidget(parent);
    auto* grid = new QGridLayout(table);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(20);
    grid->setVerticalSpacing(6);
    grid->setColumnStretch(1, 1);
    auto* heading = new QLabel(title, table);
    heading->setObjectName(QStringLiteral("sectionTitle"));
    grid->addWidget(heading, 0, 0, 1, 2);
    int line = 1;
    for (const auto& [keys, meaning] : rows) {
        grid->addWidget(new QLabel(keys, table), line, 0);
        auto* label = new QLabel(meaning, table);
        label->setObjectName(QStringLiteral("dimLabel"));
        grid->addWidget(label, line++, 1);
    }
    grid->setRowStretch(line, 1);
    return table;
}

QDialogButtonBox* makeCloseButton(QDialog* dialog)
{
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, dialog);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    return buttons;
}

} // namespace

QDialog* makeKeysDialog(const WindowActions& actions, QWidget* parent)
{
    auto* dialog = new QDialog(parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(HelpText::tr("Keys and mouse"));
    auto* tables = new QHBoxLayout;
    tables->setSpacing(40);
    auto* onTimeline = new QVBoxLayout;
    onTimeline->setSpacing(16);
    onTimeline->addWidget(makeTable(HelpText::tr("Timeline and graphs"), timelineRows(), dialog));
    onTimeline->addWidget(makeTable(HelpText::tr("Tasks, marks and lanes"), taskRows(), dialog), 1);
    tables->addWidget(makeTable(HelpText::tr("Runs and files"), runRows(actions), dialog));
    tables->addWidget(makeTable(HelpText::tr("Window"), viewRows(actions), dialog));
    tables->addLayout(onTimeline);
    auto* layout = new QVBoxLayout(dialog);
    layout->setContentsMargins(20, 16, 20, 16);
    layout->setSpacing(16);
    layout->addLayout(tables);
    layout->addWidget(makeCloseButton(dialog));
    return dialog;
}

QDialog* makeAboutDialog(QWidget* parent)
{
    auto* dialog = new QDialog(parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(HelpText::tr("About Poolscope"));
    auto* icon = new QLabel(dialog);
    icon->setPixmap(programIcon().pixmap(QSize(72, 72)));
    auto* name = new QLabel(
        HelpText::tr("Poolscope %1")
            .arg(QString::fromUtf8(kVersion.data(), static_cast<qsizetype>(kVersion.size()))),
        dialog);
    name->setObjectName(QStringLiteral("sectionTitle"));
    auto* text = new QLabel(
        HelpText::tr("A workbench for parallel work on threads and processes.\n\n"
                     "Free software under the GNU General Public License, version 3 or later.\n"
                     "Built with Qt %1.")
            .arg(QString::fromLatin1(qVersion())),
        dialog);
    text->setObjectName(QStringLiteral("dimLabel"));
    auto* grid = new QGridLayout(dialog);
    grid->setContentsMargins(20, 20, 20, 16);
    grid->setHorizontalSpacing(20);
    grid->setVerticalSpacing(8);
    grid->addWidget(icon, 0, 0, 2, 1, Qt::AlignTop);
    grid->addWidget(name, 0, 1);
    grid->addWidget(text, 1, 1);
    grid->addWidget(makeCloseButton(dialog), 2, 0, 1, 2);
    return dialog;
}

} // namespace poolscope
