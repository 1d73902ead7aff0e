// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// ShelfWindow's widgets and actions: what there is and where it is.

#include "ui/panels/line_icon.h"
#include "ui/panels/message_bar.h"
#include "ui/shelf/shelf_details.h"
#include "ui/shelf/shelf_window.h"
#include "ui/window/style_sheet.h"

#include <QAction>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

#include <array>

namespace poolscope {

namespace {

constexpr QSize kFirstSize(1256, 700);
constexpr int kGap = 8;
constexpr int kRowHeight = 24;
constexpr int kDetailsWidth = 304;
constexpr int kSearchWidth = 420;
constexpr int kNarrowest = 38; ///< a column

} // namespace

QAction* ShelfWindow::addAct(const QString& text, const QString& help, const QKeySequence& key,
                             void (ShelfWindow::*slot)())
{
    auto* action = new QAction(text, this);
    action->setShortcut(key);
    action->setToolTip(
        key.isEmpty() ? help : tr("%1 (%2)").arg(help, key.toString(QKeySequence::NativeText)));
    connect(action, &QAction::triggered, this, slot);
    return action;
}

void ShelfWindow::createActions()
{
    // Enter and Del belong to the table: in fields they mean other things.
    m_open =
        addAct(tr("&Open"), tr("Show the run in the main window"), {}, &ShelfWindow::openCurrent);
    m_open->setToolTip(tr("Show the run in the main window (Enter)"));
    m_compare = addAct(tr("&Compare"), tr("Compare the selected runs"),
                       QKeySequence(Qt::CTRL | Qt::Key_D), &ShelfWindow::compareSelected);
    m_rename = addAct(tr("Re&name"), tr("Give the run a name"), QKeySequence(Qt::Key_F2),
                      &ShelfWindow::rename);
    m_export = addAct(tr("&Save as…"), tr("Write the run to a file of your own"),
                      QKeySequence::Save, &ShelfWindow::askExport);
    m_remove = addAct(tr("&Delete"), tr("Take the selected runs off the shelf"),
                      QKeySequence::Delete, &ShelfWindow::removeSelected);
    m_undo = addAct(tr("&Undo delete"), tr("Put the runs back that were deleted last"),
                    QKeySequence::Undo, &ShelfWindow::undo);
    m_undo->setEnabled(false);
    addActions({m_compare, m_export, m_undo});
    m_table->addActions({m_open, m_compare, m_rename, m_export, m_remove, m_undo});
    for (QAction* action : {m_rename, m_remove}) {
        action->setShortcutContext(Qt::WidgetShortcut);
    }
    QAction* find = addAct(tr("Find"), {}, QKeySequence::Find, &ShelfWindow::focusSearch);
    QAction* again = addAct(tr("Read again"), {}, QKeySequence::Refresh, &ShelfWindow::reload);
    auto* close = new QAction(tr("Close"), this);
    close->setShortcut(QKeySequence::Close);
    connect(close, &QAction::triggered, this, &QWidget::close);
    addActions({find, again, close});
}

void ShelfWindow::createTable()
{
    m_table->setModel(&m_filter);
    m_table->setAccessibleName(tr("Kept runs"));
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setShowGrid(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers); // rename() begins it
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(ShelfModel::Started, Qt::DescendingOrder);
    m_table->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setMinimumSectionSize(kRowHeight);
    m_table->verticalHeader()->setDefaultSectionSize(kRowHeight);
    QHeaderView* header = m_table->horizontalHeader();
    header->setHighlightSections(false);
    constexpr auto kWidths =
        std::to_array<int>({42, 152, 120, 92, 172, 108, 108, 66, 68}); // by column
    for (int column = 0; column < ShelfModel::Count; ++column) {
        header->resizeSection(column,
                              qRound(scaledPx(kWidths[static_cast<std::size_t>(column)], font())));
    }
    header->setSectionResizeMode(ShelfModel::Name, QHeaderView::Stretch);
    header->setMinimumSectionSize(qRound(scaledPx(kNarrowest, font())));
}

void ShelfWindow::createLayout()
{
    m_search->setPlaceholderText(tr("Find by name, notes, tags, workload or executor"));
    m_search->setAccessibleName(tr("Find runs"));
    m_search->setClearButtonEnabled(true);
    m_search->setMaximumWidth(qRound(scaledPx(kSearchWidth, font())));
    auto* head = new QHBoxLayout;
    head->addWidget(m_search, 1);
    head->addStretch(0);
    for (QAction* action : {m_open, m_compare, m_export, m_remove}) {
        auto* button = new QPushButton(action->text(), this);
        connect(button, &QPushButton::clicked, action, &QAction::trigger);
        connect(action, &QAction::changed, button, [action, button] {
            button->setEnabled(action->isEnabled());
            button->setToolTip(action->toolTip());
        });
        button->setAutoDefault(false);
        m_buttons << button;
        head->addWidget(button);
    }

    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setMargin(24);
    m_empty->setObjectName(QStringLiteral("dimLabel"));
    m_stack->addWidget(m_table);
    m_stack->addWidget(m_empty);
    const auto card = [this](QWidget* content) {
        auto* frame = new QFrame(this);
        frame->setObjectName(QStringLiteral("card"));
        auto* inside = new QVBoxLayout(frame);
        inside->setContentsMargins(1, 1, 1, 1);
        inside->addWidget(content);
        return frame;
    };
    auto* columns = new QSplitter(Qt::Horizontal, this);
    columns->addWidget(card(m_stack));
    columns->addWidget(card(m_details));
    columns->setHandleWidth(kGap);
    columns->setChildrenCollapsible(false);
    columns->setStretchFactor(0, 1);
    columns->setStretchFactor(1, 0);
    const int details = qRound(scaledPx(kDetailsWidth, font()));
    columns->setSizes({kFirstSize.width() - details, details});

    auto* centre = new QWidget(this);
    auto* layout = new QVBoxLayout(centre);
    layout->setContentsMargins(kGap, kGap, kGap, kGap);
    layout->setSpacing(kGap);
    layout->addLayout(head);
    layout->addWidget(m_message);
    layout->addWidget(columns, 1);
    m_count->setObjectName(QStringLiteral("dimLabel"));
    layout->addWidget(m_count);
    setCentralWidget(centre);
    resize(kFirstSize);
    setTabOrder(m_search, m_table);
}

void ShelfWindow::setTheme(const Theme& theme)
{
    m_theme = theme;
    setStyleSheet(windowStyleSheet(theme));
    m_message->setTheme(theme);
    m_model.setDimColour(theme.dimText);
    const std::array icons{QStringLiteral("open"), QStringLiteral("compare"),
                           QStringLiteral("save"), QStringLiteral("remove")};
    for (qsizetype i = 0; i < m_buttons.size(); ++i) {
        m_buttons[i]->setIcon(lineIcon(icons[static_cast<std::size_t>(i)], theme));
    }
}

} // namespace poolscope
