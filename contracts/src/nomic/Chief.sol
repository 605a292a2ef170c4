// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {LiveIds} from "../ballots/LiveIds.sol";
import {IChief} from "../interfaces/IChief.sol";
import {Approvals} from "./Approvals.sol";
import {Vault} from "./Vault.sol";

/// The chief of the Nomic DAO. Nobody owns it; its parameters never change.
contract Chief is Approvals {
    using SafeERC20 for IERC20;

    address public immutable NOMIC;
    /// Approvals of nobody that it takes to launch.
    uint256 public immutable LAUNCH_THRESHOLD;
    /// Approvals without which nobody is lifted, however tired the hat is.
    uint256 public immutable FLOOR;
    /// Seconds from one lift to the next.
    uint48 public immutable COOL_DOWN;
    address private immutable VAULT;

    /// @inheritdoc IChief
    address public hat;
    uint48 public liftedAt;
    bool public live;

    error NoThreshold();

    constructor(
        address nomic,
        uint256 launchThreshold,
        uint256 floor,
        uint48 coolDown
    ) EIP712("Nomic Chief", "1") LiveIds(LiveIds(nomic).autoIds()) {
        if (launchThreshold == 0 || floor == 0) revert NoThreshold();
        NOMIC = nomic;
        LAUNCH_THRESHOLD = launchThreshold;
        FLOOR = floor;
        COOL_DOWN = coolDown;
        VAULT = address(new Vault(nomic));
    }

    /// @inheritdoc IChief
    function lock(uint96 amount) external {
        _lock(amount);
    }

    /// @inheritdoc IChief
    function lockWithPermit(uint96 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external {
        // Somebody may have brought the permit before; then the allowance is there.
        try IERC20Permit(NOMIC).permit(msg.sender, address(this), amount, deadline, v, r, s) {} catch {}
        _lock(amount);
    }

    /// @inheritdoc IChief
    function free(uint96 amount) external {
        uint32 seat = _ownSeat();
        uint256 voice = _voices[seat];
        if (amount > uint96(voice)) revert MoreThanLocked();
        unchecked {
            _voices[seat] = voice - amount;
            _move(uint32(_markOf(seat)), 0 - uint256(amount));
        }
        emit Freed(seat, amount);
        Vault(vaultOf(msg.sender)).pay(msg.sender, amount);
    }

    /// @inheritdoc IChief
    function follow(address account) external {
        if (seatOf[account] == 0) revert NoSeat();
        _follow(account);
    }

    /// @inheritdoc IChief
    function vote(uint32 slate) external {
        _vote(_ownSeat(), slate);
    }

    /// @inheritdoc IChief
    function voteFor(address[] calldata spells) external returns (uint32 slate) {
        slate = _etch(spells);
        _vote(_ownSeat(), slate);
    }

    /// @inheritdoc IChief
    function launch() external {
        if (live) revert AlreadyLive();
        if (settled(address(0)) < LAUNCH_THRESHOLD) revert TooFewApprovals();
        live = true;
        emit Launched();
    }

    /// @inheritdoc IChief
    function lift(address whom) external {
        if (!live) revert NotLive();
        if (block.timestamp < uint256(liftedAt) + COOL_DOWN) revert CoolingDown();
        address previous = hat;
        uint256 weight = settled(whom);
        if (weight < FLOOR || weight <= approvals(previous)) revert TooFewApprovals();
        (hat, liftedAt) = (whom, uint48(block.timestamp));
        emit Lifted(whom, previous);
    }

    /// @inheritdoc IChief
    function vaultOf(address account) public view returns (address) {
        return Clones.predictDeterministicAddress(VAULT, _salt(account));
    }

    function _lock(uint96 amount) private {
        if (amount == 0) revert NothingToLock();
        uint32 seat = seatOf[msg.sender];
        if (seat == 0) {
            seat = _sit(msg.sender);
            Clones.cloneDeterministic(VAULT, _salt(msg.sender));
        }
        // There is never more NOMIC than 96 bits.
        _voices[seat] += amount;
        _move(uint32(_markOf(seat)), amount);
        emit Locked(seat, amount);
        address vault = _follow(msg.sender);
        IERC20(NOMIC).safeTransferFrom(msg.sender, vault, amount);
    }

    /// Who delegates to nobody speaks with what is locked.
    function _follow(address account) private returns (address vault) {
        vault = vaultOf(account);
        address to = IVotes(NOMIC).delegates(account);
        if (to == address(0)) to = account;
        if (IVotes(NOMIC).delegates(vault) != to) Vault(vault).delegate(to);
    }

    function _ownSeat() private view returns (uint32 seat) {
        seat = seatOf[msg.sender];
        if (seat == 0) revert NoSeat();
    }

    function _salt(address account) private pure returns (bytes32) {
        return bytes32(uint256(uint160(account)));
    }
}
