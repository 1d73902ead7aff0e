// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/action_button.h"

#include <QAction>

namespace poolscope {

void ActionButton::setAction(QAction* action)
{
    m_action = action;
    connect(action, &QAction::changed, this, &ActionButton::showAction);
    connect(this, &QPushButton::clicked, action, &QAction::trigger);
    showAction();
}

void ActionButton::showAction()
{
    setText(m_action->iconText());
    setAccessibleName(m_action->iconText());
    setIcon(m_action->icon());
    setToolTip(m_action->toolTip());
    setEnabled(m_action->isEnabled());
}

} // namespace poolscope
