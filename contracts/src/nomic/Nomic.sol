// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {LiveIds} from "../ballots/LiveIds.sol";
import {VoiceBook} from "./VoiceBook.sol";

/// NOMIC, the token of the Nomic DAO: ERC20Votes with a voice book, which makes a relayed ballot cheap.
contract Nomic is ERC20Permit, ERC20Votes, VoiceBook {
    error UnequalLengths();

    constructor(
        address registry,
        address[] memory holders,
        uint256[] memory amounts
    ) ERC20("NOMIC", "NOMIC") ERC20Permit("NOMIC") LiveIds(registry) {
        if (holders.length != amounts.length) revert UnequalLengths();
        for (uint256 i; i < holders.length; ++i) {
            if (delegates(holders[i]) == address(0)) _delegate(holders[i], holders[i]);
            _mint(holders[i], amounts[i]);
        }
    }

    function clock() public view override returns (uint48) {
        return uint48(block.timestamp);
    }

    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    function nonces(address owner) public view override(ERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }

    function _moveDelegateVotes(address from, address to, uint256 amount) internal override {
        super._moveDelegateVotes(from, to, amount);
        if (from == to || amount == 0) return;
        _votesChanged(from);
        _votesChanged(to);
    }

    function _votesOf(address account) internal view override returns (uint256 votes, uint256 changedAt) {
        uint32 n = _numCheckpoints(account);
        if (n == 0) return (0, 0);
        Checkpoints.Checkpoint208 memory last = _checkpoints(account, n - 1);
        return (last._value, last._key);
    }

    /// Votes have 96 bits in the book.
    function _maxSupply() internal pure override returns (uint256) {
        return type(uint96).max;
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Votes) {
        super._update(from, to, value);
    }
}
