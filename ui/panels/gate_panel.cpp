// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/gate_panel.h"

#include "ui/common/expectation_text.h"
#include "ui/panels/line_icon.h"
#include "ui/panels/range_tables.h"

#include <QClipboard>
#include <QCoreApplication>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QSignalBlocker>
#include <QTableWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace poolscope {

namespace {

constexpr int kEditWidth = 280;

enum Column { Condition, Where, Measured, Holds, ColumnCount };

/// \return \p text as one word of a shell.
QString quoted(QString text)
{
    return QLatin1Char('\'') + text.replace(QLatin1Char('\''), QStringLiteral("'\\''")) +
           QLatin1Char('\'');
}

QString figuresText()
{
    QStringList ids;
    for (const ExpectationFigure& figure : expectationFigures()) {
        ids << QString::fromUtf8(figure.id.data(), static_cast<qsizetype>(figure.id.size()));
    }
    return ids.join(QStringLiteral(", "));
}

} // namespace

GatePanel::GatePanel(ViewState& state, QWidget* parent)
    : QWidget(parent)
    , m_state(state)
    , m_theme(Theme::light())
    , m_head(new QWidget(this))
    , m_summary(new QLabel(m_head))
    , m_copy(new QToolButton(m_head))
    , m_edit(new QPlainTextEdit(this))
    , m_problemLabel(new QLabel(this))
    , m_empty(new QLabel(this))
    , m_table(new QTableWidget(0, ColumnCount, this))
{
    createLayout();
    setFocusProxy(m_edit);
    connect(m_edit, &QPlainTextEdit::textChanged, this, &GatePanel::onTyped);
    connect(m_copy, &QToolButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(asOptions()); });
    connect(&state, &ViewState::snapshotChanged, this, &GatePanel::request);
    readConditions();
}

void GatePanel::createLayout()
{
    m_summary->setObjectName(QStringLiteral("dimLabel"));
    m_copy->setToolTip(tr("Copy as options of 'poolscope run'"));
    m_copy->setAccessibleName(tr("Copy as options"));
    m_copy->setAutoRaise(true);
    auto* head = new QHBoxLayout(m_head);
    head->setContentsMargins(0, 0, 0, 0);
    head->addWidget(m_summary, 1);
    head->addWidget(m_copy);
    m_edit->setAccessibleName(tr("Conditions, one a line"));
    m_edit->setPlaceholderText(tr("What a run is held against, one a line:\np95_run < 20 ms\n"
                                  "processes: utilisation > 80 %\nfailed == 0"));
    m_edit->setToolTip(tr("Figures: %1. An executor may stand before it.").arg(figuresText()));
    m_edit->setTabChangesFocus(true);
    m_edit->setMinimumWidth(kEditWidth);
    m_problemLabel->setObjectName(QStringLiteral("problemLabel"));
    m_problemLabel->setWordWrap(true);
    m_empty->setObjectName(QStringLiteral("dimLabel"));
    m_empty->setWordWrap(true);
    m_table->setAccessibleName(tr("How the run stands to the conditions"));
    m_table->setHorizontalHeaderLabels(
        {tr("Condition"), tr("Executor"), tr("It was"), tr("Outcome")});
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->verticalHeader()->hide();
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setShowGrid(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setTabKeyNavigation(false);
    auto* left = new QVBoxLayout;
    left->addWidget(m_edit, 1);
    left->addWidget(m_problemLabel);
    auto* right = new QVBoxLayout;
    right->addWidget(m_empty, 0, Qt::AlignTop);
    right->addWidget(m_table, 1);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 2, 6, 4);
    layout->setSpacing(16);
    layout->addLayout(left, 2);
    layout->addLayout(right, 3);
    setTabOrder(m_edit, m_copy); // Tab goes to the conditions first
    setTabOrder(m_copy, m_table);
}

void GatePanel::setTheme(const Theme& theme)
{
    m_theme = theme;
    m_copy->setIcon(lineIcon(QStringLiteral("copy"), theme));
    m_asked = {}; // the rows carry colours
    request();
}

QString GatePanel::conditions() const
{
    return m_edit->toPlainText();
}

void GatePanel::setConditions(const QString& lines)
{
    {
        const QSignalBlocker blocker(m_edit);
        m_edit->setPlainText(lines);
    }
    readConditions();
}

QString GatePanel::asOptions() const
{
    QStringList options;
    for (const Expectation& expectation : m_expectations) {
        options << QStringLiteral("--assert ") + quoted(QString::fromStdString(expectation.text));
    }
    return options.join(QLatin1Char(' '));
}

void GatePanel::onTyped()
{
    readConditions();
    emit conditionsChanged(conditions());
}

void GatePanel::readConditions()
{
    m_expectations.clear();
    m_problem.clear();
    const QStringList lines = conditions().split(QLatin1Char('\n'));
    for (qsizetype i = 0; i < lines.size(); ++i) {
        if (lines[i].trimmed().isEmpty()) {
            continue;
        }
        if (auto expectation = parseExpectation(lines[i].trimmed().toStdString())) {
            m_expectations.push_back(std::move(expectation).value());
        } else if (m_problem.isEmpty()) {
            m_problem = tr("Line %1: %2")
                            .arg(i + 1)
                            .arg(QString::fromStdString(expectation.error().message));
        }
    }
    m_asked = {};
    request();
}

/// Also while nobody looks: the tab says how many are broken.
void GatePanel::request()
{
    const SnapshotPtr& snapshot = m_state.snapshot();
    if (!snapshot || snapshot->isMoving() || m_expectations.empty()) {
        m_job.forget();
        m_asked = {};
        m_table->setRowCount(0);
        if (m_broken != 0) {
            m_broken = 0;
            emit brokenChanged(0);
        }
    } else if (!m_asked.isOf(snapshot)) {
        m_asked = SnapshotMark(snapshot);
        m_job.ask([this, snapshot, wanted = m_expectations]() -> NewestJob::Deliver {
            const auto outcomes = checkExpectations(*snapshot, wanted);
            return [this, snapshot, outcomes] {
                if (m_asked.isOf(snapshot)) {
                    showOutcomes(snapshot, outcomes);
                }
            };
        });
    }
    updateTexts();
}

void GatePanel::showOutcomes(const SnapshotPtr& snapshot,
                             const std::vector<ExpectationOutcome>& outcomes)
{
    m_table->setRowCount(static_cast<int>(outcomes.size()));
    m_broken = 0;
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const ExpectationOutcome& outcome = outcomes[static_cast<std::size_t>(row)];
        const Expectation& expectation = m_expectations[outcome.expectation];
        const bool hasExecutor = outcome.executor >= 0;
        const QString executor =
            hasExecutor ? QCoreApplication::translate(
                              "executor",
                              snapshot->meta->executors[static_cast<std::size_t>(outcome.executor)]
                                  .title.c_str())
                        : tr("not in this run");
        const QStringList texts{QString::fromStdString(expectation.text), executor,
                                outcome.isKnown ? measuredText(expectation, outcome.measured)
                                                : QStringLiteral("–"),
                                outcome.isMet ? tr("✓ holds") : tr("✗ does not hold")};
        for (int column = 0; column < ColumnCount; ++column) {
            auto* item = new QTableWidgetItem(texts[column]);
            item->setToolTip(outcome.isMet ? texts[column]
                                           : unmetText(*snapshot, expectation, outcome));
            if (column == Holds && !outcome.isMet) {
                item->setForeground(m_theme.failure);
            }
            if (column == Where && hasExecutor) {
                item->setData(Qt::DecorationRole,
                              executorColour(m_theme, static_cast<std::size_t>(outcome.executor)));
            }
            m_table->setItem(row, column, item);
        }
        m_broken += outcome.isMet ? 0 : 1;
    }
    emit brokenChanged(m_broken);
    updateTexts();
}

void GatePanel::updateTexts()
{
    const SnapshotPtr& snapshot = m_state.snapshot();
    QString empty;
    if (m_expectations.empty()) {
        empty = tr("Write conditions on the left; every run that ends is held against them.");
    } else if (!snapshot) {
        empty = tr("Press Run, or open a recorded run, to hold it against the conditions.");
    } else if (snapshot->isMoving()) {
        empty = tr("It is held against the conditions when it has ended.");
    }
    m_empty->setText(empty);
    m_empty->setVisible(!empty.isEmpty());
    m_table->setVisible(empty.isEmpty());
    // What could stand there is long: it is in the tool tip.
    const qsizetype sentence = m_problem.indexOf(QStringLiteral(". "));
    m_problemLabel->setText(sentence < 0 ? m_problem : m_problem.left(sentence + 1));
    m_problemLabel->setToolTip(m_problem);
    m_problemLabel->setVisible(!m_problem.isEmpty());
    m_copy->setEnabled(!m_expectations.empty());
    m_summary->setText(m_table->rowCount() == 0 ? tr("What every run is held against")
                       : m_broken == 0
                           ? tr("All hold")
                           : tr("%1 of %2 do not hold").arg(m_broken).arg(m_table->rowCount()));
}

} // namespace poolscope
