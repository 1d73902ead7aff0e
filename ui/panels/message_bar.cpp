// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/message_bar.h"

#include "ui/panels/line_icon.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStyle>
#include <QToolButton>

namespace poolscope {

MessageBar::MessageBar(QWidget* parent)
    : QFrame(parent)
    , m_icon(new QLabel(this))
    , m_text(new QLabel(this))
    , m_action(new QPushButton(this))
    , m_close(new QToolButton(this))
    , m_theme(Theme::light())
{
    setObjectName(QStringLiteral("messageBar"));
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_text->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    m_close->setAutoRaise(true);
    m_close->setFocusPolicy(Qt::TabFocus);
    m_close->setAccessibleName(tr("Close message"));
    m_close->setToolTip(tr("Close"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 6, 8, 6);
    layout->setSpacing(10);
    layout->addWidget(m_icon, 0, Qt::AlignTop);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_action);
    layout->addWidget(m_close, 0, Qt::AlignTop);
    connect(m_close, &QToolButton::clicked, this, &QWidget::hide);
    connect(m_action, &QPushButton::clicked, this, [this] {
        hide();
        emit actionTriggered();
    });
    hide();
}

void MessageBar::showMessage(Kind kind, const QString& text, const QString& action)
{
    m_kind = kind;
    m_action->setText(action);
    m_action->setVisible(!action.isEmpty());
    m_text->setText(text);
    m_text->setAccessibleName(text);
    updateLook();
    show();
}

QString MessageBar::text() const
{
    return m_text->text();
}

void MessageBar::setTheme(const Theme& theme)
{
    m_theme = theme;
    m_close->setIcon(lineIcon(QStringLiteral("close"), theme));
    updateLook();
}

void MessageBar::updateLook()
{
    const bool isError = m_kind == Kind::Error;
    const QColor colour = isError ? m_theme.failure : m_theme.accent;
    const QIcon icon = lineIcon(isError ? QStringLiteral("warning") : QStringLiteral("info"),
                                colour, m_theme.dimText);
    m_icon->setPixmap(icon.pixmap(QSize(20, 20), devicePixelRatioF()));
    setProperty("isError", isError);
    style()->unpolish(this);
    style()->polish(this);
}

} // namespace poolscope
