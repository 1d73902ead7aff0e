// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/find_bar.h"

#include "ui/common/format.h"
#include "ui/panels/line_icon.h"
#include "ui/panels/query_edit.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>
#include <QWhatsThis>

#include <utility>

namespace poolscope {

namespace {

constexpr int kEditWidth = 380;

} // namespace

FindBar::FindBar(ViewState& state, QWidget* parent)
    : QFrame(parent)
    , m_state(state)
    , m_search(state)
    , m_edit(new QueryEdit(this))
    , m_count(new QLabel(this))
    , m_previous(makeButton(tr("Previous hit"), tr("Previous hit (Shift+F3)")))
    , m_next(makeButton(tr("Next hit"), tr("Next hit (F3)")))
    , m_help(makeButton(tr("How to search"), tr("Show how to search")))
    , m_close(makeButton(tr("Close search"), tr("Close the search (Esc)")))
    , m_problem(new QLabel(this))
{
    setObjectName(QStringLiteral("findBar"));
    setAccessibleName(tr("Find tasks"));
    m_edit->setAccessibleName(tr("Find tasks"));
    m_edit->setPlaceholderText(tr("Find tasks: a word, an id, state:failed, > 10 ms …"));
    m_count->setObjectName(QStringLiteral("dimLabel"));
    m_problem->setObjectName(QStringLiteral("problemLabel"));
    m_problem->setWordWrap(true);
    createLayout();
    connect(m_edit, &QueryEdit::queryChanged, this, &FindBar::onQueryChanged);
    connect(m_previous, &QToolButton::clicked, this, &FindBar::findPrevious);
    connect(m_next, &QToolButton::clicked, this, &FindBar::findNext);
    connect(m_help, &QToolButton::clicked, this, &FindBar::showSyntax);
    connect(m_close, &QToolButton::clicked, this, &FindBar::close);
    connect(&m_search, &SnapshotSearch::found, this, &FindBar::onFound);
    connect(&state, &ViewState::hitsChanged, this, &FindBar::updateTexts);
    connect(&state, &ViewState::snapshotChanged, this, &FindBar::updateTexts);
    hide();
    updateTexts();
}

QToolButton* FindBar::makeButton(const QString& name, const QString& help)
{
    auto* button = new QToolButton(this);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(name);
    button->setToolTip(help);
    return button;
}

void FindBar::createLayout()
{
    m_edit->setMaximumWidth(kEditWidth);
    auto* line = new QHBoxLayout;
    line->setSpacing(4);
    line->addWidget(m_edit, 1);
    line->addWidget(m_previous);
    line->addWidget(m_next);
    line->addSpacing(6);
    line->addWidget(m_count);
    line->addStretch();
    line->addWidget(m_help);
    line->addWidget(m_close);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 5, 6, 5);
    layout->setSpacing(4);
    layout->addLayout(line);
    layout->addWidget(m_problem);
}

void FindBar::setTheme(const Theme& theme)
{
    m_previous->setIcon(lineIcon(QStringLiteral("up"), theme));
    m_next->setIcon(lineIcon(QStringLiteral("down"), theme));
    m_help->setIcon(lineIcon(QStringLiteral("info"), theme));
    m_close->setIcon(lineIcon(QStringLiteral("close"), theme));
}

QString FindBar::countText() const
{
    return m_count->text();
}

QString FindBar::problemText() const
{
    return m_edit->problem();
}

void FindBar::open()
{
    QWidget* focus = QApplication::focusWidget();
    if (focus != nullptr && !isAncestorOf(focus)) {
        m_focusBefore = focus;
    }
    if (isHidden()) {
        show();
        onQueryChanged(); // what was searched for last
    }
    m_edit->setFocus(Qt::ShortcutFocusReason);
    m_edit->selectAll();
}

void FindBar::close()
{
    if (isHidden()) {
        return;
    }
    const bool hadFocus = isAncestorOf(QApplication::focusWidget());
    hide();
    m_wanted = Step::None;
    m_search.setQuery(std::nullopt);
    m_state.setHits(nullptr);
    if (hadFocus && m_focusBefore) {
        m_focusBefore->setFocus(Qt::OtherFocusReason);
    }
}

void FindBar::showSyntax()
{
    QWhatsThis::showText(m_help->mapToGlobal(m_help->rect().bottomLeft()), QueryEdit::syntaxHelp(),
                         m_help);
}

void FindBar::findNext()
{
    go(Step::Next);
}

void FindBar::findPrevious()
{
    go(Step::Previous);
}

void FindBar::go(Step step)
{
    if (isHidden()) {
        open();
    }
    const auto& hits = m_state.hits();
    if (!hits || hits->size() == 0) {
        m_wanted = m_search.isSearching() ? step : Step::None;
        return;
    }
    m_wanted = Step::None;
    if (step == Step::Next) {
        m_state.showNextHit();
    } else if (step == Step::Previous) {
        m_state.showPreviousHit();
    }
}

void FindBar::keyPressEvent(QKeyEvent* event)
{
    const bool isEnter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (isEnter && focusWidget() == m_edit) {
        go((event->modifiers() & Qt::ShiftModifier) != 0 ? Step::Previous : Step::Next);
    } else if (event->key() == Qt::Key_Escape) {
        close();
    } else {
        QFrame::keyPressEvent(event);
    }
}

void FindBar::onQueryChanged()
{
    m_wanted = Step::None;
    m_state.setHits(nullptr);
    m_search.setQuery(m_edit->query());
    updateTexts();
}

void FindBar::onFound(const std::shared_ptr<const TaskHits>& hits)
{
    m_state.setHits(hits);
    if (m_wanted != Step::None) {
        go(std::exchange(m_wanted, Step::None));
    }
    updateTexts();
}

void FindBar::updateTexts()
{
    m_problem->setText(m_edit->problem());
    m_problem->setVisible(!m_edit->problem().isEmpty());
    const auto& hits = m_state.hits();
    const quint64 count = hits ? hits->size() : 0;
    m_previous->setEnabled(count > 0);
    m_next->setEnabled(count > 0);
    QString text;
    if (!m_edit->query()) {
        text.clear();
    } else if (!m_state.snapshot()) {
        text = tr("No run to search");
    } else if (!hits) {
        text = tr("Searching …");
    } else if (m_state.currentHit()) {
        const quint64 current = *m_state.currentHit() + 1;
        text = hits->isComplete
                   ? tr("%1 of %2").arg(formatCount(current), formatCount(count))
                   : tr("%1 of %2 so far").arg(formatCount(current), formatCount(count));
    } else if (!hits->isComplete) {
        text = tr("%1 found so far").arg(formatCount(count));
    } else if (count == 0) {
        text = hits->snapshot->isLive ? tr("Nothing found yet") : tr("Nothing found");
    } else {
        text = count == 1 ? tr("1 found") : tr("%1 found").arg(formatCount(count));
    }
    if (hits && !hits->running.empty()) {
        text = tr("%1; %2 running").arg(text, formatCount(hits->running.size()));
    }
    m_count->setText(text);
}

} // namespace poolscope
