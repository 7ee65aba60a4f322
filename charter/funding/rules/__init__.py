"""Pure decisions about money: who bears what, what balances, what own travel is paid."""
