// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {IChief} from "../interfaces/IChief.sol";
import {Signatures} from "../lib/Signatures.sol";
import {Approvals} from "./Approvals.sol";
import {Vault} from "./Vault.sol";

/// Bringing NOMIC in and out, by the wallet's own transactions or by signatures that anybody brings. Nobody else can lock
/// for an account without its signature, and nothing ever stands in the way of freeing.
///
/// Invariants, and the test that holds each:
/// - nobody frees more than is locked there: `test_nobody_frees_more_than_is_locked_there`
/// - nobody locks for another without a signature: `test_an_allowance_lets_no_other_lock`
/// - everything is free after the shutdown too: `test_after_it_everything_locked_is_free`
abstract contract Locks is Approvals, Nonces {
    using SafeERC20 for IERC20;

    bytes32 private constant FREE_TYPE =
        keccak256("Free(address account,uint96 amount,uint256 nonce,uint256 deadline)");

    address public immutable NOMIC;
    address private immutable VAULT;

    constructor(address nomic) {
        NOMIC = nomic;
        VAULT = address(new Vault(nomic));
    }

    /// @inheritdoc IChief
    function lock(uint96 amount) external {
        _lock(msg.sender, amount);
    }

    /// @inheritdoc IChief
    function lockWithPermit(
        address account,
        uint96 amount,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        try IERC20Permit(NOMIC).permit(account, address(this), amount, deadline, v, r, s) {} catch {
            // Somebody may have brought the permit before; who may lock by allowance needs none.
            if (msg.sender != account) revert WrongSignature();
        }
        _lock(account, amount);
    }

    /// @inheritdoc IChief
    function free(uint96 amount) external {
        _free(msg.sender, amount);
    }

    /// @inheritdoc IChief
    function freeBySig(
        address account,
        uint96 amount,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external {
        if (block.timestamp > deadline) revert SignatureExpired();
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(FREE_TYPE, account, amount, nonce, deadline)));
        if (!Signatures.isSigner(account, digest, signature)) revert WrongSignature();
        _useCheckedNonce(account, nonce);
        _free(account, amount);
    }

    /// @inheritdoc IChief
    function follow(address account) external {
        _seatOf(account);
        _follow(account);
    }

    /// @inheritdoc IChief
    function vaultOf(address account) public view returns (address) {
        return Clones.predictDeterministicAddress(VAULT, _salt(account));
    }

    function _seatOf(address account) internal view returns (uint32 seat) {
        seat = seatOf[account];
        if (seat == 0) revert NoSeat();
    }

    function _lock(address account, uint96 amount) private {
        if (amount == 0) revert NothingToLock();
        uint32 seat = seatOf[account];
        if (seat == 0) {
            seat = _sit(account);
            Clones.cloneDeterministic(VAULT, _salt(account));
        }
        // There is never more NOMIC than 96 bits.
        _voices[seat] += amount;
        _move(uint32(_markOf(seat)), amount);
        emit Locked(seat, amount);
        address vault = _follow(account);
        IERC20(NOMIC).safeTransferFrom(account, vault, amount);
    }

    function _free(address account, uint96 amount) private {
        uint32 seat = _seatOf(account);
        uint256 voice = _voices[seat];
        if (amount > uint96(voice)) revert MoreThanLocked();
        unchecked {
            _voices[seat] = voice - amount;
            _move(uint32(_markOf(seat)), 0 - uint256(amount));
        }
        emit Freed(seat, amount);
        Vault(vaultOf(account)).pay(account, amount);
    }

    /// Who delegates to nobody speaks with what is locked.
    function _follow(address account) private returns (address vault) {
        vault = vaultOf(account);
        address to = IVotes(NOMIC).delegates(account);
        if (to == address(0)) to = account;
        if (IVotes(NOMIC).delegates(vault) != to) Vault(vault).delegate(to);
    }

    function _salt(address account) private pure returns (bytes32) {
        return bytes32(uint256(uint160(account)));
    }
}
