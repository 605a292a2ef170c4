// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// Where the locked NOMIC of one account lies, apart from that of others, so that the account keeps its voice in polls.
contract Vault {
    using SafeERC20 for IERC20;

    address private immutable CHIEF;
    address private immutable NOMIC;

    error NotTheChief();

    modifier onlyChief() {
        if (msg.sender != CHIEF) revert NotTheChief();
        _;
    }

    constructor(address nomic) {
        CHIEF = msg.sender;
        NOMIC = nomic;
    }

    function pay(address to, uint256 amount) external onlyChief {
        IERC20(NOMIC).safeTransfer(to, amount);
    }

    function delegate(address to) external onlyChief {
        IVotes(NOMIC).delegate(to);
    }
}
