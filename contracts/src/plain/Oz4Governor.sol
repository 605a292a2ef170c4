// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Governor, IGovernor} from "oz4/governance/Governor.sol";
import {TimelockController} from "oz4/governance/TimelockController.sol";
import {GovernorCountingSimple} from "oz4/governance/extensions/GovernorCountingSimple.sol";
import {GovernorSettings} from "oz4/governance/extensions/GovernorSettings.sol";
import {GovernorTimelockControl} from "oz4/governance/extensions/GovernorTimelockControl.sol";
import {GovernorVotes} from "oz4/governance/extensions/GovernorVotes.sol";
import {GovernorVotesQuorumFraction} from "oz4/governance/extensions/GovernorVotesQuorumFraction.sol";
import {IVotes} from "oz4/governance/utils/IVotes.sol";

/// Somebody else's DAO: OpenZeppelin's Governor 4.9, or with `isOld` one from before it, which tells neither clock nor domain.
contract Oz4Governor is
    Governor,
    GovernorSettings,
    GovernorCountingSimple,
    GovernorVotes,
    GovernorVotesQuorumFraction,
    GovernorTimelockControl
{
    bool private immutable _isOld;

    error NoSuchFunction();

    constructor(
        string memory name,
        IVotes token,
        TimelockController timelock,
        uint256 votingDelay_,
        uint256 votingPeriod_,
        uint256 quorumPercent,
        bool isOld
    )
        Governor(name)
        GovernorSettings(votingDelay_, votingPeriod_, 0)
        GovernorVotes(token)
        GovernorVotesQuorumFraction(quorumPercent)
        GovernorTimelockControl(timelock)
    {
        _isOld = isOld;
    }

    /// @dev The governor itself asks by its own functions, strangers by this one.
    function clock() public view override(IGovernor, GovernorVotes) returns (uint48) {
        if (_isOld && msg.sig == this.clock.selector) revert NoSuchFunction();
        return super.clock();
    }

    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public view override(IGovernor, GovernorVotes) returns (string memory) {
        if (_isOld) revert NoSuchFunction();
        return super.CLOCK_MODE();
    }

    function eip712Domain()
        public
        view
        override
        returns (bytes1, string memory, string memory, uint256, address, bytes32, uint256[] memory)
    {
        if (_isOld) revert NoSuchFunction();
        return super.eip712Domain();
    }

    function votingDelay() public view override(IGovernor, GovernorSettings) returns (uint256) {
        return super.votingDelay();
    }

    function votingPeriod() public view override(IGovernor, GovernorSettings) returns (uint256) {
        return super.votingPeriod();
    }

    function quorum(uint256 timepoint) public view override(IGovernor, GovernorVotesQuorumFraction) returns (uint256) {
        return super.quorum(timepoint);
    }

    function proposalThreshold() public view override(Governor, GovernorSettings) returns (uint256) {
        return super.proposalThreshold();
    }

    function state(uint256 proposalId) public view override(Governor, GovernorTimelockControl) returns (ProposalState) {
        return super.state(proposalId);
    }

    function supportsInterface(bytes4 interfaceId)
        public
        view
        override(Governor, GovernorTimelockControl)
        returns (bool)
    {
        return super.supportsInterface(interfaceId);
    }

    function _execute(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) {
        super._execute(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _cancel(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint256) {
        return super._cancel(targets, values, calldatas, descriptionHash);
    }

    function _executor() internal view override(Governor, GovernorTimelockControl) returns (address) {
        return super._executor();
    }
}
