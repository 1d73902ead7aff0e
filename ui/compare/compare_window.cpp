// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/compare_window.h"

#include "core/analysis/aligned_runs.h"
#include "ui/common/delta_text.h"
#include "ui/compare/distribution_view.h"
#include "ui/panels/line_icon.h"
#include "ui/panels/message_bar.h"
#include "ui/window/style_sheet.h"

#include <QComboBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace poolscope {

namespace {

constexpr QSize kFirstSize(1264, 740);
constexpr int kGap = 8;
constexpr int kRowHeight = 22;
constexpr int kPlotWidth = 416;
constexpr int kWidestColumn = 240;

} // namespace

CompareWindow::CompareWindow(std::vector<ComparedRun> runs, QWidget* parent)
    : QMainWindow(parent)
    , m_runs(std::move(runs))
    , m_theme(Theme::light())
    , m_message(new MessageBar(this))
    , m_facts(new QLabel(this))
    , m_table(new QTableView(this))
    , m_plot(new DistributionView(this))
    , m_executors(new QComboBox(this))
    , m_align(new QPushButton(tr("Show &aligned in the timeline"), this))
    , m_saveTable(new QPushButton(tr("Save &table…"), this))
    , m_savePicture(new QPushButton(tr("Save &picture…"), this))
{
    setWindowTitle(tr("Comparison – Poolscope"));
    setWindowIcon(programIcon());
    createTable();
    createLayout();
    connect(m_executors, &QComboBox::currentIndexChanged, this, &CompareWindow::showPlot);
    connect(m_align, &QPushButton::clicked, this, &CompareWindow::align);
    connect(m_saveTable, &QPushButton::clicked, this, &CompareWindow::askTable);
    connect(m_savePicture, &QPushButton::clicked, this, &CompareWindow::askPicture);
    m_facts->setText(tr("Comparing all tasks …"));
    m_job.ask([this, all = m_runs]() -> NewestJob::Deliver {
        auto comparison = std::make_shared<const RunComparison>(compareAll(all));
        return [this, comparison] { showComparison(comparison); };
    });
}

CompareWindow::~CompareWindow()
{
    delete takeCentralWidget(); // it looks at the model to its end
}

void CompareWindow::createTable()
{
    m_table->setModel(&m_model);
    m_table->setAccessibleName(tr("Differences"));
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setShowGrid(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setMinimumSectionSize(kRowHeight);
    m_table->verticalHeader()->setDefaultSectionSize(kRowHeight);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setStretchLastSection(true);
}

void CompareWindow::createLayout()
{
    m_facts->setWordWrap(true);
    m_facts->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_executors->setAccessibleName(tr("Executor in the plots"));
    m_executors->setToolTip(tr("Whose tasks the plots show"));
    for (QPushButton* button : {m_align, m_saveTable, m_savePicture}) {
        button->setEnabled(false);
        button->setAutoDefault(false);
    }
    m_align->setToolTip(tr("Show the runs one above the other, from their first submits on"));
    auto* head = new QHBoxLayout;
    head->addWidget(m_facts, 1);
    for (QPushButton* button : {m_align, m_saveTable, m_savePicture}) {
        head->addWidget(button, 0, Qt::AlignTop);
    }
    const auto card = [this](std::initializer_list<QWidget*> parts) {
        auto* frame = new QFrame(this);
        frame->setObjectName(QStringLiteral("card"));
        auto* inside = new QVBoxLayout(frame);
        inside->setContentsMargins(1, 1, 1, 1);
        for (QWidget* part : parts) {
            inside->addWidget(part);
        }
        return frame;
    };
    QFrame* plots = card({m_executors, m_plot});
    plots->layout()->setContentsMargins(kGap, kGap, kGap, kGap);
    auto* columns = new QSplitter(Qt::Horizontal, this);
    columns->addWidget(card({m_table}));
    columns->addWidget(plots);
    columns->setHandleWidth(kGap);
    columns->setChildrenCollapsible(false);
    columns->setStretchFactor(0, 1);
    const int width = qRound(scaledPx(kPlotWidth, font()));
    columns->setSizes({kFirstSize.width() - width, width});
    auto* centre = new QWidget(this);
    auto* layout = new QVBoxLayout(centre);
    layout->setContentsMargins(kGap, kGap, kGap, kGap);
    layout->setSpacing(kGap);
    layout->addLayout(head);
    layout->addWidget(m_message);
    layout->addWidget(columns, 1);
    setCentralWidget(centre);
    resize(kFirstSize);
}

void CompareWindow::showComparison(std::shared_ptr<const RunComparison> comparison)
{
    m_comparison = std::move(comparison);
    m_model.setComparison(m_comparison);
    for (int row = 0; row < m_model.rowCount(); ++row) {
        if (m_model.isHeading(row)) {
            m_table->setSpan(row, 0, 1, m_model.columnCount());
        }
    }
    QStringList titles;
    for (const ComparedSide& side : m_comparison->sides) {
        titles << side.title;
    }
    setWindowTitle(tr("%1 – Poolscope").arg(titles.join(QStringLiteral(" / "))));
    m_table->resizeColumnsToContents();
    for (int column = 0; column + 1 < m_model.columnCount(); ++column) { // the last one stretches
        const int most = qRound(scaledPx(kWidestColumn, font()));
        m_table->setColumnWidth(column, std::min(most, m_table->columnWidth(column) + kGap));
    }
    for (const ExecutorCurves& curves : m_comparison->curves) {
        m_executors->addItem(curves.title);
    }
    m_executors->setVisible(m_executors->count() > 1);
    showFacts();
    showPlot();
    for (QPushButton* button : {m_align, m_saveTable, m_savePicture}) {
        button->setEnabled(true);
    }
    m_table->setFocus();
}

void CompareWindow::showFacts()
{
    QStringList lines;
    QStringList others; ///< that did other work
    for (std::size_t side = 1; side < m_comparison->sides.size(); ++side) {
        const RunDelta& delta = m_comparison->deltas[side - 1];
        QStringList facts;
        for (const FactDelta& fact : delta.facts) {
            facts << factText(fact).toHtmlEscaped();
        }
        lines << QStringLiteral("<b>%1 → %2</b>: %3")
                     .arg(m_comparison->sides.front().title.toHtmlEscaped(),
                          m_comparison->sides[side].title.toHtmlEscaped(),
                          facts.isEmpty() ? tr("same settings, same machine")
                                          : facts.join(QStringLiteral("; ")));
        if (!delta.isFair()) {
            others << m_comparison->sides[side].title;
        }
    }
    m_facts->setText(lines.join(QStringLiteral("<br>")));
    if (others.isEmpty()) {
        return;
    }
    m_message->showMessage(
        MessageBar::Kind::Error,
        m_comparison->deltas.size() == 1
            ? unfairText(m_comparison->deltas.front())
            : tr("Not the same work as “%1”: %2. What differs there says little about how they "
                 "were "
                 "run.")
                  .arg(m_comparison->sides.front().title, others.join(QStringLiteral(", "))));
}

void CompareWindow::showPlot()
{
    const int executor = m_executors->currentIndex();
    if (!m_comparison || executor < 0) {
        return;
    }
    DistributionData shown;
    for (const ComparedSide& side : m_comparison->sides) {
        shown.names << side.title;
    }
    shown.curves = m_comparison->curves[static_cast<std::size_t>(executor)];
    shown.title = shown.curves.title;
    m_plot->setData(std::move(shown));
}

QString CompareWindow::factsText() const
{
    return m_facts->text();
}

void CompareWindow::setTheme(const Theme& theme)
{
    m_theme = theme;
    setStyleSheet(windowStyleSheet(theme));
    m_message->setTheme(theme);
    m_model.setTheme(theme);
    m_plot->setTheme(theme);
    m_align->setIcon(lineIcon(QStringLiteral("compare"), theme));
    m_saveTable->setIcon(lineIcon(QStringLiteral("save"), theme));
    m_savePicture->setIcon(lineIcon(QStringLiteral("export"), theme));
}

void CompareWindow::align()
{
    m_align->setEnabled(false);
    m_job.ask([this, runs = m_runs]() -> NewestJob::Deliver {
        std::vector<SnapshotPtr> snapshots;
        std::vector<std::string> names;
        for (const ComparedRun& run : runs) {
            snapshots.push_back(run.run);
            names.push_back(run.title.toStdString());
        }
        const Result<SnapshotPtr> aligned = alignRuns(snapshots, names);
        return [this, aligned] {
            m_align->setEnabled(true);
            if (aligned) {
                emit alignedWanted(aligned.value(),
                                   QString::fromStdString(aligned.value()->meta->title));
            } else {
                m_message->showMessage(MessageBar::Kind::Error,
                                       QString::fromStdString(aligned.error().message));
            }
        };
    });
}

void CompareWindow::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape || event->matches(QKeySequence::Close)) {
        close();
    } else {
        QMainWindow::keyPressEvent(event);
    }
}

} // namespace poolscope
