// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// LabWindow's widgets: what there is, and where it is.

#include "ui/common/tab_bar.h"
#include "ui/lab/chunks_page.h"
#include "ui/lab/duel_page.h"
#include "ui/lab/elided_label.h"
#include "ui/lab/lab_window.h"
#include "ui/lab/workers_page.h"
#include "ui/panels/line_icon.h"
#include "ui/panels/message_bar.h"

#include <QGridLayout>
#include <QProgressBar>
#include <QPushButton>
#include <QShortcut>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

namespace poolscope {

namespace {

constexpr QSize kFirstSize(1120, 720);
constexpr QSize kLeastSize(860, 560);
constexpr int kGap = 8;
constexpr int kSideWidth = 272;
constexpr int kMargin = 16;

} // namespace

LabWindow::LabWindow(QWidget* parent)
    : QWidget(parent, Qt::Window)
    , m_theme(Theme::light())
    , m_workers(new WorkersPage(this))
    , m_chunks(new ChunksPage(this))
    , m_duel(new DuelPage(this))
    , m_message(new MessageBar(this))
    , m_tabs(newTabBar(this))
    , m_jobLine(new ElidedLabel(this))
    , m_forms(new QStackedWidget(this))
    , m_results(new QStackedWidget(this))
{
    setWindowTitle(tr("Lab – Poolscope"));
    setWindowIcon(programIcon());
    setMinimumSize(kLeastSize);
    resize(kFirstSize);
    m_tabs->setAccessibleName(tr("What to measure"));
    m_jobLine->setAccessibleName(tr("Job"));

    auto* head = new QFrame(this);
    head->setObjectName(QStringLiteral("card"));
    auto* headLayout = new QHBoxLayout(head);
    headLayout->setContentsMargins(6, 3, 14, 3);
    headLayout->setSpacing(20);
    headLayout->addWidget(m_tabs);
    headLayout->addWidget(m_jobLine, 1);
    auto* results = new QFrame(this);
    results->setObjectName(QStringLiteral("card"));
    auto* resultsLayout = new QVBoxLayout(results);
    resultsLayout->setContentsMargins(1, 1, 1, 1);
    resultsLayout->addWidget(m_results);
    auto* columns = new QHBoxLayout;
    columns->setSpacing(kGap);
    columns->addWidget(createSide());
    columns->addWidget(results, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(kGap, kGap, kGap, kGap);
    layout->setSpacing(kGap);
    layout->addWidget(head);
    layout->addWidget(m_message);
    layout->addLayout(columns, 1);

    addPage(m_workers, tr("Workers"), tr("How many workers to take (Alt+1)"));
    addPage(m_chunks, tr("Chunks"), tr("How many tasks to hand over at a time (Alt+2)"));
    addPage(m_duel, tr("Duel"), tr("Which executor is faster (Alt+3)"));
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int tab) {
        m_forms->setCurrentIndex(tab);
        m_results->setCurrentIndex(tab);
        updateState();
    });
    connectExperiment();
    updateState();
    m_start->setFocus();
}

/// All of the window can be made larger.
void LabWindow::updateSideWidth()
{
    m_side->setFixedWidth(qRound(scaledPx(kSideWidth, font())));
}

void LabWindow::addPage(LabPage* page, const QString& title, const QString& help)
{
    const int tab = m_tabs->addTab(title);
    m_tabs->setTabToolTip(tab, help);
    const auto* keys = new QShortcut(QKeySequence(Qt::ALT | (Qt::Key_1 + tab)), this);
    connect(keys, &QShortcut::activated, this, [this, tab] { m_tabs->setCurrentIndex(tab); });
    m_pages.push_back(page);
    m_forms->addWidget(page->form());
    m_results->addWidget(page);
    connect(page, &LabPage::changed, this, &LabWindow::updateState);
    connect(page, &LabPage::workersWanted, this, &LabWindow::workersWanted);
    connect(page, &LabPage::chunkWanted, this, &LabWindow::chunkWanted);
    connect(page, &LabPage::told, this, [this](bool isError, const QString& text) {
        m_message->showMessage(isError ? MessageBar::Kind::Error : MessageBar::Kind::Information,
                               text);
    });
}

QWidget* LabWindow::createSide()
{
    auto* side = new QFrame(this);
    side->setObjectName(QStringLiteral("card"));
    m_side = side;
    updateSideWidth();
    auto* forms = new QWidget(side);
    auto* formsLayout = new QVBoxLayout(forms);
    formsLayout->setContentsMargins(kMargin, kMargin - 2, kMargin, kMargin);
    formsLayout->addWidget(m_forms);
    auto* box = new QFrame(side);
    box->setObjectName(QStringLiteral("setupButtons"));
    m_hint = new QLabel(box);
    m_hint->setObjectName(QStringLiteral("dimLabel"));
    m_hint->setWordWrap(true);
    m_hint->setAccessibleName(tr("Progress"));
    m_progress = new QProgressBar(box);
    m_progress->setTextVisible(false);
    m_progress->setFixedHeight(6);
    m_progress->setAccessibleName(tr("Runs that have ended"));
    m_start = new QPushButton(tr("Start"), box);
    m_start->setObjectName(QStringLiteral("primaryButton"));
    m_stop = new QPushButton(tr("Stop"), box);
    for (QPushButton* button : {m_start, m_stop}) {
        button->setIconSize(QSize(20, 20));
    }
    auto* grid = new QGridLayout(box);
    grid->setContentsMargins(kMargin, 12, kMargin, kMargin - 4);
    grid->setSpacing(8);
    grid->addWidget(m_hint, 0, 0, 1, 2);
    grid->addWidget(m_progress, 1, 0, 1, 2);
    grid->addWidget(m_start, 2, 0);
    grid->addWidget(m_stop, 2, 1);
    grid->setColumnStretch(0, 3);
    grid->setColumnStretch(1, 2);
    auto* layout = new QVBoxLayout(side);
    layout->setContentsMargins(1, 1, 1, 1);
    layout->setSpacing(0);
    layout->addWidget(forms, 1);
    layout->addWidget(box);
    connect(m_start, &QPushButton::clicked, this, &LabWindow::start);
    connect(m_stop, &QPushButton::clicked, this, &LabWindow::stop);
    return side;
}

} // namespace poolscope
