// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/tab_bar.h"

#include <QTabBar>
#include <QToolButton>

namespace poolscope {

QTabBar* newTabBar(QWidget* parent)
{
    auto* bar = new QTabBar(parent);
    bar->setDrawBase(false);
    bar->setExpanding(false);
    for (QToolButton* arrow : bar->findChildren<QToolButton*>()) {
        arrow->setFocusPolicy(Qt::NoFocus);
    }
    return bar;
}

} // namespace poolscope
